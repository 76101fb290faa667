"""clouds.lock: the SDKs of all clouds, pinned by hash, with nothing that requirements.lock has otherwise."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.conftest import ROOT
from tests.contract.samples import CLOUDS

PIN = re.compile(r"^([a-z0-9.-]+)==(\S+) \\$", re.MULTILINE)
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text()))


def test_both_locks_agree() -> None:
    clouds, own = pins("clouds.lock"), pins("requirements.lock")
    assert {name: own[name] for name in clouds.keys() & own.keys()} == {
        name: clouds[name] for name in clouds.keys() & own.keys()
    }, "renew it: `pip-compile` as its head says"


def test_each_cloud_is_an_extra_of_one_sdk_and_only_there() -> None:
    sdks = {name: [re.split("[<>=]", each)[0] for each in EXTRAS[name]] for name in CLOUDS}
    assert all(len(each) == 1 for each in sdks.values())
    named = {name for each in sdks.values() for name in each}
    assert named <= pins("clouds.lock").keys()
    assert not named & pins("requirements.lock").keys()


def test_every_pin_has_a_hash_and_no_index_is_named() -> None:
    text = (ROOT / "clouds.lock").read_text()
    assert len(PIN.findall(text)) == len(re.findall(r"^\S+==", text, re.MULTILINE))
    assert not re.search(r"^--|https?://", text, re.MULTILINE)


def test_only_the_tests_install_it() -> None:
    rules = dict(re.findall(r"^([\w./]+): ?([^#\n=]*)", Path(ROOT / "Makefile").read_text(), re.MULTILINE))
    assert ".venv/clouds" in rules["fast"].split()
    assert ".venv/clouds" not in rules["up"].split() + rules["setup"].split() + rules[".venv/ready"].split()
