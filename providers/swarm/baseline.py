"""The engine's baseline: what is checked on every node, after the CIS Docker Benchmark 1.6.0, and how much it matters.

Ids are the benchmark's own; those that begin with LS are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from providers.swarm import judgements as judge
from providers.swarm.facts import Facts

Judge = Callable[[Facts], str | None]


class Weight(Enum):
    """What a failed check means."""

    HARD = "hard"
    """The readiness gate refuses the node."""
    BASELINE = "baseline"
    """`longshore nodes --check` fails; the stack file's defaults pass."""
    ADVICE = "advice"
    """A decision of yours or of your template's; shown, nothing fails."""


@dataclass(frozen=True)
class Check:
    """One check. `judge` says what is wrong, or returns None."""

    id: str
    title: str
    how: str
    weight: Weight
    judge: Judge


@dataclass(frozen=True)
class Result:
    """A check's outcome on one node; `wrong` is empty where it passed."""

    check: Check
    wrong: str

    @property
    def verdict(self) -> str:
        """Return `pass`, `fail`, or `note` for advice that isn't followed."""
        if not self.wrong:
            return "pass"
        return "note" if self.check.weight is Weight.ADVICE else "fail"


HARD, BASELINE, ADVICE = Weight.HARD, Weight.BASELINE, Weight.ADVICE
CHECKS: tuple[Check, ...] = (
    Check("1.1.1", "the engine's data has a file system of its own", "stat data-root", ADVICE, judge.own_disk),
    Check("1.1.3", "the engine is audited", "auditctl -l", ADVICE, judge.audited),
    Check("2.2", "containers on the default bridge don't reach each other", "icc", BASELINE, judge.no_icc),
    Check("2.3", "the log level is info", "log-level", BASELINE, judge.log_level),
    Check("2.4", "the engine may write packet filter rules", "iptables", BASELINE, judge.iptables),
    Check("2.5", "every registry is trusted by its certificate", "GET /info", BASELINE, judge.secure_registries),
    Check("2.6", "the storage driver is no outdated one", "GET /info", BASELINE, judge.storage_driver),
    Check("2.7", "nobody unknown commands the engine by network", "-H, hosts, tlsverify", HARD, judge.listeners),
    Check("2.8", "containers get limits on open files", "default-ulimits", BASELINE, judge.ulimits),
    Check("2.9", "root in containers is nobody on the node", "GET /info", ADVICE, judge.user_namespaces),
    Check("2.10", "containers are in the default control group", "cgroup-parent", BASELINE, judge.cgroup_parent),
    Check("2.11", "the base device size is the default", "storage-opts", BASELINE, judge.base_size),
    Check("2.12", "an authorization plugin judges commands", "GET /info", ADVICE, judge.authorization),
    Check("2.13", "logs go to a central place", "GET /info", ADVICE, judge.central_logs),
    Check("2.14", "processes gain no privileges", "no-new-privileges", BASELINE, judge.no_new_privileges),
    Check("2.15", "live restore is off, as Swarm needs it (CIS wants it on elsewhere)", "GET /info", BASELINE,
          judge.live_restore),
    Check("2.16", "no proxy process for each published port", "userland-proxy", BASELINE, judge.userland_proxy),
    Check("2.17", "system calls are filtered by a seccomp profile", "GET /info", BASELINE, judge.seccomp),
    Check("2.18", "experimental features are off", "GET /info", BASELINE, judge.experimental),
    Check("3.1", "docker.service is root's, and only root writes it", "stat", BASELINE,
          judge.file("docker.service", 0o644)),
    Check("3.3", "docker.socket is root's, and only root writes it", "stat", BASELINE,
          judge.file("docker.socket", 0o644)),
    Check("3.5", "/etc/docker is root's, and only root writes it", "stat", BASELINE, judge.file("/etc/docker", 0o755)),
    Check("3.7", "registry certificates are root's, and nobody writes them", "stat", BASELINE,
          judge.file("/etc/docker/certs.d/", 0o444)),
    Check("3.15", "the engine's socket is root's and group docker's only", "stat", BASELINE,
          judge.file("/run/docker.sock", 0o660, "root:docker")),
    Check("3.17", "daemon.json is root's, and only root writes it", "stat", BASELINE,
          judge.file("/etc/docker/daemon.json", 0o644)),
    Check("3.23", "containerd's socket is root's only", "stat", BASELINE,
          judge.file("/run/containerd/containerd.sock", 0o660)),
    Check("LS1", "engine and systemd agree on who manages control groups", "GET /info, /proc/1/comm", HARD,
          judge.cgroup_driver),
    Check("LS2", "container logs are rotated", "log-opts", BASELINE, judge.log_rotation),
    Check("LS3", "VMXNET3 fills in no checksums (moby/moby#41775)", "ethtool -k", BASELINE, judge.vmxnet3),
)  # fmt: skip


def evaluate(facts: Facts) -> list[Result]:
    """Return every check's outcome on one node."""
    return [Result(check, check.judge(facts) or "") for check in CHECKS]


def failed(results: Iterable[Result], *weights: Weight) -> list[Result]:
    """Return the failures of these weights."""
    return [result for result in results if result.wrong and result.check.weight in weights]


def markdown() -> str:
    """Return the checks as the table in docs/engine.md."""
    rows = [f"| {each.id} | {each.title} | {each.how} | {each.weight.value} |" for each in CHECKS]
    return "\n".join(["| Id | What is checked | By | Weight |", "|---|---|---|---|", *rows]) + "\n"
