"""A machine of its own for each test: fake commands on PATH, a home, a cache and a small Go module."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.toolchain.component import Component

GO = """#!/bin/sh
echo "$@" >> "$HOME/go.calls"
command=$1
case "$command" in
env) printf 'go1.99.0\\nlocal\\n' ;;
list) echo "$HOME/module" ;;
build)
  while [ $# -gt 0 ]; do
    [ "$1" = -o ] && out=$2
    shift
  done
  {body}
  echo binary > "$out"
  ;;
esac
"""


@dataclass
class Machine:
    """Folders and fake commands; `environ` is all that the code under test sees of the world."""

    root: Path

    def __post_init__(self) -> None:
        for folder in (self.bin, self.home, self.sources / "tiny"):
            folder.mkdir(parents=True)
        (self.sources / "tiny" / "go.mod").write_text("module tiny\n\ngo 1.25.8\n")
        (self.sources / "tiny" / "main.go").write_text("package main\n\nfunc main() {}\n")
        self.command("git", "#!/bin/sh\n")
        self.go()

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def sources(self) -> Path:
        return self.root / "sources"

    @property
    def cache(self) -> Path:
        return self.root / "cache" / "longshore" / "toolchain"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.root / "cache"),
        }

    def command(self, name: str, text: str, folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def go(self, body: str = ":") -> None:
        """Fake go whose `build` runs that line of shell before it writes the binary."""
        self.command("go", GO.replace("{body}", body))

    def go_calls(self, command: str) -> list[str]:
        calls = self.home / "go.calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [line for line in lines if line.split()[0] == command]

    def pulumi(self, version: str = "v3.272.0", body: str = "exit 1") -> Path:
        """Fake official Pulumi; `plugin install` runs that line of shell."""
        text = f'#!/bin/sh\n[ "$1" = version ] && echo {version} && exit\necho "$@" >> "$HOME/pulumi.calls"\n{body}\n'
        return self.command("pulumi", text)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def tiny(machine: Machine) -> Component:
    return Component("tiny", "tinybin", "1.0-lab", memory=1, home=machine.sources)
