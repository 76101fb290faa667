"""The one seam to stores of secrets: files, the environment, and commands such as `op read` or `vault kv get`.

Each value is read once a run, and leaves here in base64 only to be sealed.
"""

from __future__ import annotations

import base64
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from spec.base import whole_seconds
from spec.errors import SpecError
from spec.secret_source import CommandSource, EnvSource, FileSource

LARGEST = 500 * 1024
"""Bytes of a Swarm secret, exclusive of this number itself (moby/swarmkit, manager/controlapi/secret.go)."""
HIDDEN = "PULUMI_CONFIG"
"""Variables that begin so hold the stack's own secrets, or their passphrase: no command gets them."""
LONGEST_LINE = 200
Stored = FileSource | EnvSource | CommandSource


class Stores:
    """Reads secrets on this machine. `root`: the project, where relative paths begin and commands run."""

    def __init__(self, root: Path, environment: Mapping[str, str] | None = None) -> None:
        self._root = root
        self._environment = dict(os.environ if environment is None else environment)
        self._printed: dict[tuple[str, ...], bytes] = {}

    def read_all(self, sources: Mapping[str, Stored]) -> dict[str, str]:
        """Return each secret in base64. Raises SpecError with everything that can't be read at once."""
        found, problems = {}, []
        for name, source in sources.items():
            try:
                found[name] = base64.b64encode(self.read(name, source)).decode()
            except SpecError as problem:
                problems.append(problem)
        if problems:
            raise problems[0] if len(problems) == 1 else SpecError("", "\n".join(map(str, problems)))
        return found

    def read(self, name: str, source: Stored) -> bytes:
        """Return one secret. Raises SpecError, without the secret, when it can't be had."""
        where = f"secrets.{name}"
        match source:
            case FileSource():
                return _sized(self._file(f"{where}.file", source), f"{where}.file: {source.file}")
            case EnvSource():
                return _sized(self._variable(f"{where}.env", source), f"{where}.env: {source.env}")
            case CommandSource():
                return _sized(self._command(f"{where}.command", source), f"{where}.command: `{source.command[0]}`")

    def _file(self, where: str, source: FileSource) -> bytes:
        path = self._root / Path(source.file).expanduser()
        try:
            content = path.read_bytes()
        except OSError as error:
            fix = "put the secret there (a path relative to the project, or from ~ on), and keep it out of git"
            raise SpecError(where, f"{source.file}: {error.strerror}", fix) from None
        if _in_git(path):
            fix = f"`git rm --cached {source.file}`, add it to .gitignore, and change the secret: it is in the history"
            raise SpecError(where, f"{source.file}: git knows this file, and everyone who can read the repository", fix)
        return content

    def _variable(self, where: str, source: EnvSource) -> bytes:
        if source.env not in self._environment:
            raise SpecError(where, f"{source.env}: there is no such variable", f"export {source.env}, then try again")
        return self._environment[source.env].encode()

    def _command(self, where: str, source: CommandSource) -> bytes:
        if source.command not in self._printed:
            self._printed[source.command] = self._run(where, source)
        return self._printed[source.command]

    def _run(self, where: str, source: CommandSource) -> bytes:
        program = source.command[0]
        kept = {key: value for key, value in self._environment.items() if not key.startswith(HIDDEN)}
        try:
            process = subprocess.Popen(
                source.command, cwd=self._root, env=kept, process_group=0,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            fix = "install it, or name it by its path"
            raise SpecError(where, f"`{program}` can't be run: {error.strerror}", fix) from None
        printed, said = _finished(process, where, source)
        if process.returncode:
            told = _last_line(said, printed)
            found = f"`{program}` ended with exit code {process.returncode}{': ' + told if told else ''}"
            raise SpecError(where, found, "run the command by hand; sign in to its store if it asks for that")
        return printed.removesuffix(b"\n").removesuffix(b"\r")


def _finished(process: subprocess.Popen[bytes], where: str, source: CommandSource) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=whole_seconds(source.timeout))
    except subprocess.TimeoutExpired:
        fix = "see that it asks for nothing, or give it a longer `timeout`"
        raise SpecError(where, f"`{source.command[0]}` did not end within {source.timeout}", fix) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command that still runs, with all that it started: what holds its pipes would be waited for."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _last_line(said: bytes, printed: bytes) -> str:
    """Return the last line of a failed command's complaint, unless a word of what it printed stands in it."""
    words = {word for word in printed.decode(errors="replace").split() if len(word) > 2}
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    told = "".join(each if each.isprintable() else " " for each in lines[-1]) if lines else ""
    return "" if any(word in told for word in words) else told[:LONGEST_LINE]


def _sized(value: bytes, where: str) -> bytes:
    if not value:
        raise SpecError(where, "is empty", "put the secret there")
    if len(value) >= LARGEST:
        raise SpecError(where, f"holds {len(value)} bytes; Swarm takes less than {LARGEST}", "split it")
    return value


def _in_git(path: Path) -> bool:
    """Tell whether git tracks a file; False where there is no git."""
    command = ["git", "-C", str(path.parent), "ls-files", "--error-unmatch", "--", path.name]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        return False
    return done.returncode == 0
