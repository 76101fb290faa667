"""Engines, as they run now: another version or storage driver, or a `daemon.json` that was edited."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from drift.finding import Finding, Harm
from drift.refreshed import Refreshed
from review.decode import decode

ENGINE = "swarm:index:Engine"
DAEMON_FILE = "/etc/docker/daemon.json"
SETTINGS = ("engineVersion", "apiVersion", "storageDriver", "cgroupVersion")
PATCHED = ("kernelVersion", "operatingSystem")
ABSENT = "absent"


def engine_drift(engines: list[Refreshed], daemons: Mapping[str, str], born: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what differs of engines.

    `daemons`: the text of each node's daemon.json, as far as it could be read. `born`: the same as cloud-init wrote it.
    """
    for engine in engines:
        after = engine.after or {}
        if engine.before.get("ready", True) and after.get("ready") is False:
            yield _away(engine)
        for key in (*SETTINGS, *PATCHED):
            old, new = engine.before.get(key), after.get(key)
            if old and new and old != new:
                yield _fact(engine, key, f"{old}", f"{new}")
        name = engine.known_as
        if name in daemons and name in born and (changes := _changes(born[name], daemons[name])):
            yield _edited(name, changes)


def born_with(machine: Refreshed) -> str | None:
    """Return the daemon.json that cloud-init wrote on a machine at its birth, None when its user data says none."""
    packed = (machine.declared.get("extraConfig") or {}).get("guestinfo.userdata")
    text = decode(packed, sure=True) if isinstance(packed, str) else None
    try:
        content = YAML(typ="safe").load(text) if text else None
    except YAMLError:
        return None
    files = content.get("write_files") if isinstance(content, dict) else None
    return next((str(each["content"]) for each in files or () if each.get("path") == DAEMON_FILE), None)


def _changes(born: str, now: str) -> list[str]:
    try:
        old, new = json.loads(born), json.loads(now)
    except ValueError:
        return ["it is no JSON"]
    if not isinstance(old, dict) or not isinstance(new, dict):
        return ["it is no mapping"]
    keys = sorted({*old, *new})
    return [f"{key}: {_text(old, key)} -> {_text(new, key)}" for key in keys if old.get(key) != new.get(key)]


def _text(values: dict[str, Any], key: str) -> str:
    return json.dumps(values[key]) if key in values else ABSENT


def _edited(name: str, changes: list[str]) -> Finding:
    return Finding(
        kind="engine-setting",
        harm=Harm.HARMFUL,
        subject=name,
        what=f"{DAEMON_FILE} was edited: {'; '.join(changes)}",
        against="the file that cloud-init wrote when the machine was made",
        up="nothing: it is written once, at a machine's birth",
        fix="put it back and restart docker there, or declare it under longshore:engine and replace the node",
    )


def _fact(engine: Refreshed, key: str, old: str, new: str) -> Finding:
    patched = key in PATCHED
    return Finding(
        kind="engine-patched" if patched else "engine-setting",
        harm=Harm.HARMLESS if patched else Harm.HARMFUL,
        subject=engine.known_as,
        what=f"{key} is {new}",
        against=f"{old}, at the last update or refresh",
        up="nothing: it is a property of the machine",
        fix="nothing" if patched else "bring the other nodes to the same, by the template and a higher generation",
    )


def _away(engine: Refreshed) -> Finding:
    return Finding(
        kind="engine-away",
        harm=Harm.HARMFUL,
        subject=engine.known_as,
        what="its Docker Engine doesn't answer over ssh",
        against="ready at the last update or refresh",
        up="`longshore up --refresh` waits for it",
        fix="look at the machine's console, sshd, and `journalctl -u docker` on it",
    )
