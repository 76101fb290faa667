"""Waiting until a machine is Docker-ready: ssh, then cloud-init, then an engine good enough for a Swarm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from providers.swarm.baseline import Weight, evaluate, failed
from providers.swarm.connection import Connection
from providers.swarm.facts import facts
from providers.swarm.handler import Call
from providers.swarm.ssh import StrangerError, UnreachableError
from spec.errors import EngineError, LongshoreError

T = TypeVar("T")
MINIMUM_API = (1, 41)
STORAGE_DRIVERS = {"overlay2", "overlayfs", "fuse-overlayfs", "btrfs", "zfs"}
SLICE = 20
# Slices instead of one long wait, so that progress shows and a reboot half-way is no failure; 124 is timeout(1)'s.
CLOUD_INIT = f"command -v cloud-init >/dev/null || exit 0; exec timeout {SLICE} cloud-init status --wait"
# Without the host keys that cloud-init prints last, which would crowd out the reason.
LOGS = r"""exec 2>&1
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
echo '$ cloud-init status --long'; cloud-init status --long
echo '$ tail /var/log/cloud-init-output.log'
as_root cat /var/log/cloud-init-output.log | grep -vE '^(ci-info: |<14>|-----|ssh-|[+]--|[|])' | tail -n 15
echo '$ journalctl -u docker'; as_root journalctl -u docker -n 15 --no-pager
"""


@dataclass(frozen=True)
class Ready:
    """A machine that is ready: how to reach it, and what its engine says of itself."""

    connection: Connection
    info: dict[str, Any]
    version: dict[str, Any]


def shortfall(info: dict[str, Any], version: dict[str, Any]) -> str | None:
    """Say what an engine lacks for a Swarm of ours; None when it has all."""
    api = str(version.get("ApiVersion", "0.0"))
    if tuple(int(part) for part in api.split(".")) < MINIMUM_API:
        return f"its API is {api}, at least {MINIMUM_API[0]}.{MINIMUM_API[1]} (Docker 20.10) is needed"
    if info.get("OSType") != "linux":
        return f"it runs {info.get('OSType')} containers, linux is needed"
    if info.get("Driver") not in STORAGE_DRIVERS:
        return f"its storage driver is {info.get('Driver')!r}, one of {', '.join(sorted(STORAGE_DRIVERS))} is needed"
    return None


def ask(call: Call, connection: Connection, seconds: int = 30) -> Ready:
    """Ask the engine once. Raises UnreachableError, and EngineError when it isn't good enough."""
    with call.outside.docker(connection, seconds) as client:
        info, version = client.info(), client.version()
    if lack := shortfall(info, version):
        raise EngineError(connection.where, f"this Docker Engine won't do: {lack}", "mend the machine's template")
    return Ready(connection, info, version)


class Gate:
    """One machine on its way to readiness, within a time limit in seconds."""

    def __init__(self, call: Call, connection: Connection, seconds: float) -> None:
        self._call = call
        self._connection = connection
        self._began = call.clock.now()
        self._seconds = seconds

    def pass_through(self) -> Ready:
        """Wait for everything, and pin the host key if none is pinned yet.

        Raises EngineError that names the phase reached and shows the machine's own last words.
        """
        self._connection = self._wait("ssh", self._log_in)
        self._wait("cloud-init", self._finish_cloud_init)
        ready = self._wait("the Docker Engine", lambda: ask(self._call, self._connection))
        self._wait("the engine's baseline", lambda: self._judge(ready))
        return ready

    def _judge(self, ready: Ready) -> bool:
        """Refuse what would be dangerous or can't work; tell what else the baseline has against it."""
        results = evaluate(facts(self._call.outside, ready.connection, ready.info))
        for result in failed(results, Weight.HARD):
            raise EngineError(
                self._connection.where,
                f"this Docker Engine won't do: {result.wrong} ({result.check.id})",
                "mend it in the machine's template or the stack file's `engine` (docs/engine.md)",
            )
        for result in failed(results, Weight.BASELINE):
            self._call.narrator.warn(f"engine baseline {result.check.id}: {result.wrong}")
        return True

    def _log_in(self) -> Connection:
        outside, given = self._call.outside, self._connection
        pinned = given if given.host_key else replace(given, host_key=outside.host_key(given.host, given.port))
        try:
            outside.run(pinned, "true", 20)
        except StrangerError:
            if given.host_key:
                raise
            # The key was made anew between the two contacts, as cloud-init does at first boot.
            raise UnreachableError(given.where, "its host key is being made") from None
        return pinned

    def _finish_cloud_init(self) -> bool:
        ran = self._call.outside.run(self._connection, CLOUD_INIT, SLICE + 15)
        if ran.code == 124:
            raise UnreachableError(self._connection.where, "cloud-init is still at work")
        if ran.code == 2:
            self._call.narrator.warn("cloud-init ended with warnings: see `cloud-init status --long` on the node")
        elif ran.code != 0:
            raise self._failure("cloud-init failed")
        return True

    def _wait(self, phase: str, attempt: Callable[[], T]) -> T:
        while True:
            try:
                return attempt()
            except UnreachableError as reason:
                passed = self._call.clock.now() - self._began
                if passed >= self._seconds:
                    raise self._failure(f"waited {passed:.0f} s in vain for {phase}: {reason.found}") from reason
                self._call.narrator.status(f"waiting for {phase} ({passed:.0f} s): {reason.found}")
            self._call.clock.pause(2)

    def _failure(self, found: str) -> EngineError:
        return EngineError(
            self._connection.where,
            f"not Docker-ready: {found}{self._last_words()}",
            "mend what is said above (the address, the template, the cloud-init), then run `pulumi up` again",
        )

    def _last_words(self) -> str:
        if not self._connection.host_key:
            return ""
        try:
            log = self._call.outside.run(self._connection, LOGS, 30).output
        except LongshoreError as reason:
            return f"\n  | its logs can't be read: {reason.found}"
        return "".join(f"\n  | {line}" for line in log.splitlines())
