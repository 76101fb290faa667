"""Installing, by an apt-get of our own on the PATH: what is asked of it, in which order, and what is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import apt
from spec.errors import LabError

WANTED = {"nonesuch-command": "nonesuch", "other-nonesuch": "another"}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def apt_get(folder: Path, script: str) -> None:
    with (folder / "apt-get").open("x") as file:
        file.write(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> {folder}/calls\n{script}\n')
        os.fchmod(file.fileno(), 0o755)


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().splitlines()


def test_packages_are_installed_without_questions_or_extras(machine: Path, lines: list[str]) -> None:
    apt_get(machine, "exit 0")
    apt.ensure(WANTED, "the test", lines.append)
    [call] = calls(machine)
    assert call.startswith("noninteractive install --yes --quiet --no-install-recommends")
    assert call.endswith("another nonesuch")
    assert "DPkg::Lock::Timeout=300" in call
    assert lines[0] == "the test: installing another nonesuch ..."


def test_old_package_lists_are_renewed_once(machine: Path) -> None:
    apt_get(machine, f'[ "$1" = update ] && touch {machine}/fresh; [ -e {machine}/fresh ]')
    apt.ensure(WANTED, "the test", print)
    assert [call.split()[1] for call in calls(machine)] == ["install", "update", "install"]


def test_a_package_that_does_not_exist_is_told_in_apts_own_words(machine: Path) -> None:
    apt_get(machine, '[ "$1" = update ] && exit 0; echo "E: Unable to locate package nonesuch" >&2; exit 100')
    with pytest.raises(LabError, match=r"exit code 100: E: Unable to locate(.|\n)*package sources"):
        apt.ensure(WANTED, "the test", print)


def test_a_mirror_that_is_away_is_told_before_a_second_try(machine: Path) -> None:
    apt_get(machine, "echo 'E: no network' >&2; exit 100")
    with pytest.raises(LabError, match="no network"):
        apt.ensure(WANTED, "the test", print)
    assert [call.split()[1] for call in calls(machine)] == ["install", "update"]


def test_commands_in_the_systems_own_folders_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert apt.found("ldconfig")
    assert not apt.found("nonesuch-command")
