"""Records the event logs of tests/golden/review/logs anew, on a lab of its own: `python -m tests.live.record RAW`.

RAW is a folder for the raw logs; `tests.live.scrub` makes the committed ones of them. Volumes are in a program of
their own (tests/live/volumes): a stack file declares none.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.live.project import Project, copy_project

Config = dict[str, Any]
PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def limits(args, report):
    if args.resource_type == "docker:index/service:Service":
        if not args.props.get("taskSpec", {}).get("resources"):
            report("a service has no memory limit")

PolicyPack("lab", [ResourceValidationPolicy("limits-set", "Services have limits.", limits, EnforcementLevel.MANDATORY)])
"""


class Recorder:
    """Writes the event log of one command after another."""

    def __init__(self, project: Project, raw: Path) -> None:
        self.project = project
        self.raw = raw

    def log(self, name: str, *arguments: str, folder: str = ".", stack: str = "lab") -> None:
        """Run Pulumi and keep its log, whatever it ends with."""
        command = [
            "pulumi",
            *arguments,
            "--stack",
            stack,
            "--non-interactive",
            "--event-log",
            str(self.raw / f"{name}.jsonl"),
        ]
        print(f"== {name}", flush=True)
        self.shell(f"cd {folder} && PULUMI_DEBUG_COMMANDS=true {shlex.join(command)} || true")

    def changed(self, name: str, change: Callable[[Config], None], *flags: str) -> None:
        """Preview a changed stack file."""
        with self.project.edited(change):
            self.log(name, "preview", *flags)
            for kind in ("dev", "prod"):
                print(
                    self.project.run(
                        "review", "run", "-s", "lab", "--environment", kind, "-o", str(self.raw / f"{name}.{kind}")
                    )
                )

    def shell(self, command: str) -> None:
        """Run a command in the lab's environment."""
        print(self.project.in_lab(command)[-800:], flush=True)


def split(config: Config) -> None:
    """Put two of the three managers into a pool of their own, so that they can be replaced without the third."""
    pools = config["longshore:cluster"]["pools"]
    first = pools["managers"]
    address, last = first["first_address"].rsplit(".", 1)
    pools["core"] = {**first, "count": 2, "first_address": f"{address}.{int(last) + 1}"}
    first["count"] = 1


def image(config: Config) -> None:
    web = config["longshore:services"]["web"]
    web["image"] = web["image"].split("@")[0].replace(":1.0", ":1.1")


def replicas(config: Config) -> None:
    config["longshore:services"]["worker"]["replicas"] = 3


def generation(config: Config) -> None:
    config["longshore:cluster"]["pools"]["core"]["generation"] = 2


def memory(config: Config) -> None:
    config["longshore:cluster"]["pools"]["workers"]["memory"] = "4 GiB"


def unchanged(_: Config) -> None:
    """Change nothing: a secret is changed by Pulumi itself."""


def template(config: Config) -> None:
    config["longshore:target"]["template"] = "no-such-template"


def run(project: Project, raw: Path) -> None:
    """Record everything on a lab that is up."""
    recorder = Recorder(project, raw)
    file = project.folder / "stacks" / "Pulumi.lab.yaml"
    with project.edited(split):
        recorder.log("create", "preview")
        assert any(project.run("up", "--stack", "lab", "--yes").code == 0 for _ in range(3))
        recorder.changed("image-bump", image)
        recorder.changed("replica-change", replicas)
        recorder.changed("template-generation", generation)
        recorder.changed("memory-shrink", memory)
        recorder.changed("failed", template)
        before = file.read_text()
        project.pulumi(
            "config", "set", "--secret", "--path", "longshore:secrets.cache-password", "rotated-by-a-test", "-s", "lab"
        )
        recorder.changed("secret-rotation", unchanged)
        file.write_text(before)
        policies(recorder)
        drift(recorder)
        recorder.log("delete", "destroy", "--preview-only")
        volumes(recorder)


def policies(recorder: Recorder) -> None:
    pack = recorder.project.folder / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime:\n  name: python\n  options:\n    virtualenv: ../.venv\n")
    (pack / "__main__.py").write_text(PACK)
    recorder.log("policy", "preview", "--policy-pack", "pack")


def drift(recorder: Recorder) -> None:
    """Scale a service behind Pulumi's back, look, and put it back."""
    manager = (
        "docker exec $(docker ps --format '{{.Names}}' | grep managers-1) docker service scale --detach shop-worker="
    )
    recorder.shell("docker ps --format '{{.Names}}'")
    recorder.shell(manager.replace("shop-worker", "worker") + "3 || true")
    recorder.log("drift", "refresh", "--preview-only")
    print(recorder.project.run("review", "run", "-s", "lab", "--drift"))


def volumes(recorder: Recorder) -> None:
    folder = "tests/live/volumes"
    inside = f"cd {folder} && pulumi"
    recorder.shell("docker volume create longshore-test-old")
    recorder.shell(
        f"{inside} stack init data && pulumi config set tier gold && pulumi up --yes --skip-preview --stack data"
    )
    recorder.shell(f"{inside} config set tier silver --stack data")
    recorder.log("volume-label", "preview", folder=folder, stack="data")
    recorder.shell(f"{inside} config set tier gold --stack data && pulumi config set adopt true --stack data")
    recorder.log("import", "preview", folder=folder, stack="data")
    recorder.shell(f"{inside} destroy --yes --stack data && docker volume rm longshore-test-old")


def main() -> None:
    raw = Path(sys.argv[1]).resolve()
    raw.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
        project = copy_project(Path(folder))
        try:
            project.ok("lab", "up")
            run(project, raw)
        finally:
            project.run("lab", "down")


if __name__ == "__main__":
    main()
