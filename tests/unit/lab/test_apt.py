from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

from lab import apt
from spec.errors import LabError

MISSING = {"nonesuch-command": "nonesuch", "sh": "dash"}


def has(*commands: str) -> Callable[..., str | None]:
    """A `shutil.which` on a machine that has just these commands."""
    return lambda command, **_: command if command in commands else None


def test_nothing_is_installed_when_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "_install", lambda packages: pytest.fail(f"installs {packages}"))
    apt.ensure({"sh": "dash", "cat": "coreutils"}, "the test", print)


def test_only_what_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    installed: list[str] = []
    monkeypatch.setattr(apt, "_install", installed.extend)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", has("sh", "apt-get"))
    apt.ensure(MISSING, "the test", lines.append)
    assert installed == ["nonesuch"]
    assert lines[0] == "the test: installing nonesuch ..."


def test_without_root_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", has("sh", "apt-get"))
    with pytest.raises(LabError, match="run as root, or first: sudo apt-get install nonesuch"):
        apt.ensure(MISSING, "the test", print)


def test_without_apt_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", has())
    with pytest.raises(LabError, match="there is no apt-get\n  -> install dash nonesuch"):
        apt.ensure(MISSING, "the test", print)
