"""The one seam to the outside: ssh commands, host keys, and a node's Docker Engine through a tunnel."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import requests
from docker.api import APIClient
from docker.errors import APIError, DockerException

from providers.swarm.clock import Clock
from providers.swarm.connection import Connection, ssh_options
from spec.errors import EngineError, LongshoreError, SwarmError

DOCKER_SOCKET = "/var/run/docker.sock"
TUNNEL_SECONDS = 20.0


class UnreachableError(EngineError):
    """Nobody answers there, or not as an ssh server or a Docker Engine would."""


class StrangerError(EngineError):
    """Somebody answers there with another host key than the pinned one."""


@dataclass(frozen=True)
class Ran:
    """What a remote command left behind."""

    code: int
    output: str


class Outside(Protocol):
    """Everything the provider does to the world."""

    def host_key(self, host: str, port: int) -> str:
        """Return the ed25519 host key that `host` shows. Raises UnreachableError."""

    def run(self, connection: Connection, command: str, seconds: float) -> Ran:
        """Run a shell command there. Raises UnreachableError, StrangerError."""

    def pipe(self, connection: Connection, command: str, data: bytes, seconds: float) -> bytes:
        """Give `data` to a shell command there and return what it writes. Raises EngineError when it fails."""

    def docker(self, connection: Connection, seconds: int = 30) -> AbstractContextManager[APIClient]:
        """Give the node's Docker Engine, each call bounded by `seconds`. Raises EngineError, SwarmError."""


class Ssh:
    """The world as it is, by the user's own ssh."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def host_key(self, host: str, port: int) -> str:
        """Return the ed25519 host key that `host` shows. Raises UnreachableError."""
        scan = ["ssh-keyscan", "-T", "5", "-t", "ed25519", "-p", str(port), host]
        with _process(scan) as process:
            output, _ = self._finish(process, 15, host)
        lines = [line.split() for line in output.splitlines() if line and not line.startswith("#")]
        if not lines:
            raise UnreachableError(f"{host}:{port}", "no ssh server answers yet")
        return " ".join(lines[0][1:3])

    def run(self, connection: Connection, command: str, seconds: float) -> Ran:
        """Run a shell command there. Raises UnreachableError, StrangerError."""
        with _process(_ssh(connection, [], [command])) as process:
            output, complaint = self._finish(process, seconds, connection.where)
        if process.returncode == 255:
            raise refusal(connection, complaint)
        return Ran(process.returncode, output)

    def pipe(self, connection: Connection, command: str, data: bytes, seconds: float) -> bytes:
        """Give `data` to a shell command there and return what it writes. Raises EngineError when it fails."""
        line = _ssh(connection, [], [command])
        try:
            done = subprocess.run(line, input=data, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise UnreachableError(connection.where, f"no answer within {seconds:.0f} seconds") from None
        complaint = done.stderr.decode(errors="replace").strip()
        if done.returncode == 255:
            raise refusal(connection, complaint)
        if done.returncode:
            raise EngineError(connection.where, f"a command there failed: {complaint or done.returncode}")
        return done.stdout

    @contextmanager
    def docker(self, connection: Connection, seconds: int = 30) -> Iterator[APIClient]:
        """Give the node's Docker Engine, each call bounded by `seconds`. Raises EngineError, SwarmError."""
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder, _explained(connection):
            path = Path(folder) / "docker.sock"
            forward = ["-N", "-o", "ExitOnForwardFailure=yes", "-L", f"{path}:{DOCKER_SOCKET}"]
            with _process(_ssh(connection, forward, [])) as tunnel:
                self._await_socket(tunnel, path, connection)
                client = APIClient(base_url=f"unix://{path}", version="auto", timeout=seconds)
                try:
                    yield client
                finally:
                    client.close()

    def _finish(self, process: subprocess.Popen[str], seconds: float, where: str) -> tuple[str, str]:
        deadline = self._clock.now() + seconds
        while True:
            try:
                return process.communicate(timeout=0.2)
            except subprocess.TimeoutExpired:
                if self._clock.now() >= deadline:
                    raise UnreachableError(where, f"no answer within {seconds:.0f} seconds") from None
                self._clock.pause(0)

    def _await_socket(self, tunnel: subprocess.Popen[str], path: Path, connection: Connection) -> None:
        ready = self._clock.until(
            TUNNEL_SECONDS, lambda: listens(path) or (tunnel.poll() is not None) or None, every=0.02
        )
        if not ready:
            raise UnreachableError(connection.where, f"ssh made no tunnel within {TUNNEL_SECONDS:.0f} seconds")
        if tunnel.poll() is not None:
            raise refusal(connection, tunnel.communicate()[1])


def listens(path: Path) -> bool:
    """Whether somebody takes connections at a Unix socket: its file is there a moment earlier."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True


def refusal(connection: Connection, complaint: str) -> EngineError:
    """Turn ssh's own complaint into what happened and what to do."""
    if "Host key verification failed" in complaint or "host key is known" in complaint:
        return StrangerError(
            connection.where,
            f"{connection.host}:{connection.port} shows another ssh host key than the pinned one",
            "if it was rebuilt on purpose: `pulumi up --replace URN`, its Engine's (see `pulumi stack --show-urns`); "
            "if not, somebody may sit between you and it: find out before you go on",
        )
    if missing := [line for line in complaint.splitlines() if line.startswith("Identity file")]:
        return EngineError(
            connection.where, missing[0].strip(), "name a private key that exists here, or use ssh-agent"
        )
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    said = lines[-1].split(f"port {connection.port}: ")[-1] if lines else "ssh ended without a word"
    return UnreachableError(
        connection.where,
        f"ssh to {connection.user}@{connection.host}:{connection.port} failed: {said}",
        "check that the machine is up, and that the user and the key are the ones it knows",
    )


def _ssh(connection: Connection, flags: list[str], command: list[str]) -> list[str]:
    where = ["-T", "-p", str(connection.port), "-l", connection.user, "--", connection.host]
    return ["ssh", *ssh_options(connection), *flags, *where, *command]


@contextmanager
def _process(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a process that never outlives this block."""
    with subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _explained(connection: Connection) -> Iterator[None]:
    """Turn what the Docker client raises into an error of ours; ours pass through."""
    try:
        yield
    except LongshoreError:
        raise
    except APIError as error:
        raise SwarmError(connection.where, f"the Docker Engine refused: {error.explanation or error}") from error
    except (DockerException, requests.RequestException) as error:
        raise UnreachableError(
            connection.where,
            f"the Docker Engine does not answer on {DOCKER_SOCKET}: {error}",
            f"look at `systemctl status docker` there, and that {connection.user} may use its socket",
        ) from error
