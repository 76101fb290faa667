"""Daemons of our own on a PATH of our own: small scripts that leave a socket's name behind and wait."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import docker_engine
from lab.folder import Folder
from lab.record import Firewall

WAITS = """for each; do
  case "$before" in --address|--host) : > "${each#unix://}" ;; esac
  before=$each
done
exec sleep 60
"""


class Daemons:
    """A machine on which only containerd and dockerd of ours can be started."""

    def __init__(self, root: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bin = root / "bin"
        self.bin.mkdir()
        self.restored: list[Firewall] = []
        self.asked: list[str] = []
        runtime = root / "run"
        monkeypatch.setattr(Folder, "runtime", runtime)
        monkeypatch.setattr(docker_engine, "_SYSTEM_PATH", {"PATH": f"{self.bin}:/usr/bin:/bin"})
        monkeypatch.setattr(docker_engine, "answers", lambda socket: socket == folder.socket and socket.exists())
        monkeypatch.setattr("lab.docker_engine.apt.ensure", lambda _commands, why, _progress: self.asked.append(why))
        monkeypatch.setattr("lab.docker_engine.firewall.look", lambda: Firewall(forward_policy="DROP", ip_forward="0"))
        monkeypatch.setattr("lab.docker_engine.firewall.other_engine", lambda: False)
        monkeypatch.setattr("lab.docker_engine.firewall.restore", self.restored.append)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        for name in ("containerd", "dockerd"):
            self.command(name, WAITS)

    def command(self, name: str, script: str) -> None:
        file = self.bin / name
        file.unlink(missing_ok=True)
        with file.open("x") as made:
            made.write(f"#!/bin/sh\n{script}")
            os.fchmod(made.fileno(), 0o755)
