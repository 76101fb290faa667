"""Secrets that are rotated, laid open, written in plain, or about to end."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

import pytest

from tests.unit.review import log
from tests.unit.review.ask import Steps, ask, create, delete, named, replace, same, says, step, update

SEALED = {"data": log.SECRET}
CONFIG = "docker:index/serviceConfig:ServiceConfig"
TODAY = date(2026, 11, 24)


def user(name: str, used: str = "id-s") -> Steps:
    return same("service", name, taskSpec={"containerSpec": {"secrets": [{"secretId": used}]}})


@pytest.mark.parametrize(
    ("order", "users", "sentence", "severity"),
    [
        ("create-first", [], "`s` gets another content.", "WARN"),
        ("delete-first", [], "`s` gets another content.", "WARN"),
        ("create-first", ["a"], "`s` gets another content; `a` restarts.", "WARN"),
        ("create-first", ["a", "b"], "`s` gets another content; `a`, `b` restart.", "WARN"),
        (
            "delete-first",
            ["a"],
            "`s` gets another content; `a` restarts. Deleted first, it is still in use: Swarm will refuse.",
            "ACK",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["secret", CONFIG])
def test_a_rotated_secret_restarts_who_uses_it(
    kind: str, order: str, users: list[str], sentence: str, severity: str
) -> None:
    (risk,) = ask("SECRET-ROTATED", replace(kind, "s", SEALED, order=order), *map(user, users))
    assert (risk.what, risk.severity.name, named(risk)) == (sentence, severity, ["s"])


@pytest.mark.parametrize("kind", ["swarm:index:Secret", "swarm:index:Config"])
def test_a_new_generation_is_no_loss_of_the_one_before(kind: str) -> None:
    (risk,) = ask("SECRET-ROTATED", replace(kind, "s", SEALED, order="create-first"), user("a"))
    assert risk.what == "`s` gets another content in a new generation, the one before stays; `a` restarts."
    assert risk.severity.name == "WARN"


def test_a_generated_secret_is_told_by_its_rotation_and_by_nothing_else() -> None:
    before = {"rotation": "1", "value": log.SECRET}
    drawn = update("swarm:index:GeneratedSecret", "k", before, before | {"rotation": "2"}, diffs=["rotation"])
    assert says("SECRET-ROTATED", drawn) == ""
    for rule in ("SECRET-IN-PLAIN", "SECRET-DECLASSIFIED"):
        assert says(rule, drawn) == ""


def test_what_a_generated_secret_is_made_of_is_none() -> None:
    alphabet = string.ascii_letters + string.digits
    made = create("swarm:index:GeneratedSecret", "k", name="db", alphabet=alphabet, rotation="1", value=log.SECRET)
    assert says("SECRET-IN-PLAIN", made) == ""
    laid_open = create("swarm:index:GeneratedSecret", "k", name="db", value="hT5wQz8LpX2vN7cR4mK9sB1d")
    assert says("SECRET-IN-PLAIN", laid_open) == "`k`: `value` looks like a secret and is plain."


def test_who_uses_a_secret_is_told_by_the_state_too() -> None:
    other = same("container", "c")
    made = replace("secret", "s", SEALED, order="create-first")
    assert says("SECRET-ROTATED", made, other, user("x", "id-other")) == "`s` gets another content."
    assert says("SECRET-ROTATED", made, other, needs={"c": ["s"]}).endswith("; `c` restarts.")


def test_a_secret_elsewhere_changes_without_being_shown() -> None:
    changed = update(
        "vm", "w1", {"a": log.SECRET, "b": log.SECRET}, {"a": log.SECRET, "b": log.SECRET}, diffs=["a", "b"]
    )
    assert says("SECRET-ROTATED", changed) == "`w1`: the secret in `a`, `b` changes (value hidden)."


@pytest.mark.parametrize(
    "steps",
    [
        create("secret", "s", **SEALED),
        delete("secret", "s", SEALED),
        same("secret", "s", **SEALED),
        update("vm", "w1", {"a": log.SECRET, "b": 1}, {"a": log.SECRET, "b": 2}),
        update("vm", "w1", {}, {"a": log.SECRET}),
    ],
)
def test_nothing_is_rotated(steps: Steps) -> None:
    assert says("SECRET-ROTATED", steps) == ""


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"a": log.SECRET}, {"a": "open"}, "`a`"),
        ({"a": {"b": log.SECRET}}, {"a": {"b": "open"}}, "`a.b`"),
        ({"a": log.SECRET, "b": log.SECRET}, {"a": "x", "b": 1}, "`a`, `b`"),
        ({"a": log.SECRET}, {"a": {"b": "open"}}, "`a`"),
        ({"a": log.SECRET}, {}, ""),
        ({"a": log.SECRET}, {"a": log.COMPUTED}, ""),
        ({"a": log.SECRET}, {"a": log.SECRET}, ""),
        ({"a": "open"}, {"a": log.SECRET}, ""),
        ({"password": "a"}, {"password": "b"}, ""),
    ],
)
@pytest.mark.parametrize("op", ["update", "same", "replace"])
def test_a_secret_that_is_plain_now(op: str, old: dict[str, Any], new: dict[str, Any], paths: str) -> None:
    found = ask("SECRET-DECLASSIFIED", step(op, "service", "web", old, new))
    assert [risk.what for risk in found] == ([f"`web`: {paths} was secret and is plain now."] if paths else [])
    assert all(risk.do.startswith("wrap it as a secret again") for risk in found)


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        ({"env": {"DB_PASSWORD": "x"}}, "`env.DB_PASSWORD`"),
        ({"env": ["DB_PASSWORD=x", "A=b"]}, "`env[0]`"),
        ({"command": ["run", "--token", "x"]}, "`command[2]`"),
        ({"url": "postgres://a:b@c"}, "`url`"),
        ({"note": "q8ZrT2kLm9XvB4nW7pYc"}, "`note`"),
        ({f"password{n}": "x" for n in range(1, 8)}, ", ".join(f"`password{n}`" for n in range(1, 6)) + " …"),
        ({"password": log.SECRET}, ""),
        ({"password": log.COMPUTED}, ""),
        ({"passwordFile": "/run/secrets/db"}, ""),
        ({"env": {"MODE": "fast"}}, ""),
    ],
)
@pytest.mark.parametrize("op", ["create", "update", "replace"])
def test_a_plain_property_that_looks_like_a_secret(op: str, inputs: dict[str, Any], paths: str) -> None:
    found = ask("SECRET-IN-PLAIN", step(op, "service", "web", {"x": 1}, inputs))
    assert [risk.what for risk in found] == ([f"`web`: {paths} looks like a secret and is plain."] if paths else [])


@pytest.mark.parametrize(
    "steps",
    [
        delete("service", "web", {"password": "x"}),
        same("service", "web", password="x"),
        create("pulumi:providers:vsphere", "vcenter", password="x"),
        update("service", "web", {"note": log.SECRET}, {"note": "open"}),
    ],
)
def test_what_is_not_told_as_a_plain_secret(steps: Steps) -> None:
    assert says("SECRET-IN-PLAIN", steps) == ""


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (("encryptionsalt",), "the stack file's `encryptionsalt` changes: another key opens its secrets."),
        (
            ("encryptedkey", "secretsprovider"),
            "the stack file's `encryptedkey`, `secretsprovider` changes: another key opens its secrets.",
        ),
        ((), ""),
    ],
)
def test_the_stack_file_s_encryption(keys: tuple[str, ...], sentence: str) -> None:
    assert says("ENCRYPTION-CHANGED", encryption_changed=keys) == sentence


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"notAfter": "2026-12-23"}, "`notAfter` is 2026-12-23."),
        ({"notAfter": "2026-12-24"}, None),
        ({"notAfter": "2026-11-24T23:00:00Z"}, "`notAfter` is 2026-11-24."),
        ({"notAfter": "2020-01-01"}, "`notAfter` is 2020-01-01."),
        ({"validityEndTime": "2026-12-01T00:00:00+01:00"}, "`validityEndTime` is 2026-12-01."),
        ({"tags": {"expiry": "2026-12-01"}}, "`tags.expiry` is 2026-12-01."),
        ({"expiresAt": "2026-12-05", "expirationDate": "2026-12-01"}, "`expirationDate` is 2026-12-01."),
        ({"notAfter": "soon"}, None),
        ({"notAfter": 20261201}, None),
        ({"notBefore": "2026-12-01"}, None),
        ({"notAfter": log.COMPUTED}, None),
    ],
)
@pytest.mark.parametrize("op", ["same", "update", "create"])
def test_what_ends_within_a_month(op: str, inputs: dict[str, Any], said: str | None) -> None:
    steps = step(op, "tls:index:Cert", "c", {**inputs, "x": 1}, {**inputs, "x": 2 if op == "update" else 1})
    found = ask("CERT-EXPIRY", steps, today=TODAY)
    assert [risk.what for risk in found] == ([f"`c`: {said}"] if said else [])


def test_nothing_ends_when_it_goes_or_when_nobody_knows_the_day() -> None:
    inputs = {"notAfter": "2026-12-01"}
    assert says("CERT-EXPIRY", delete("tls:index:Cert", "c", inputs), today=TODAY) == ""
    assert says("CERT-EXPIRY", same("tls:index:Cert", "c", **inputs)) == ""
