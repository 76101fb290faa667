"""The engine's fields: what each takes at its bounds, and what it says beyond them."""

from __future__ import annotations

import pytest

from tests.unit.spec.judging import accepted, refused


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ssh.user", "_ops-1"),
        ("ssh.port", 1),
        ("ssh.port", 65535),
        ("log_max_size", "1k"),
        ("log_max_size", "2g"),
        ("log_max_file", 1),
        ("ready_timeout_minutes", 1),
        ("ready_timeout_minutes", 60),
        ("registries", {"r.test:5000": {"ca": "-----BEGIN CERTIFICATE-----\nMIIB\n"}}),
    ],
)
def test_a_value_at_its_bound_is_taken(field: str, value: object) -> None:
    assert accepted(f"engine.{field}", value)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("ssh.user", "Root", "pattern"),
        ("ssh.user", "a b", "pattern"),
        ("ssh.user", "-oProxyCommand=x", "pattern"),
        ("ssh.port", 0, "greater than or equal to 1"),
        ("ssh.port", 65536, "less than or equal to 65535"),
        ("ssh.authorized_keys", [], "at least 1 item"),
        ("ssh.authorized_keys", None, "is missing"),
        ("log_max_size", "10", "pattern"),
        ("log_max_size", "10MB", "pattern"),
        ("log_max_file", 0, "greater than or equal to 1"),
        ("ready_timeout_minutes", 0, "greater than or equal to 1"),
        ("ready_timeout_minutes", 61, "less than or equal to 60"),
    ],
)
def test_a_value_beyond_its_bound_is_refused_at_its_path(field: str, value: object, found: str) -> None:
    assert found in refused(f"engine.{field}", value)


@pytest.mark.parametrize("ca", ["", "MIIB", "-----BEGIN RSA PRIVATE KEY-----\n", " -----BEGIN CERTIFICATE-----"])
def test_only_a_certificate_is_taken_for_one(ca: str) -> None:
    assert "pattern" in refused("engine.registries", {"r.test:5000": {"ca": ca}}, below="r.test:5000.ca")


def test_a_registry_is_nothing_without_its_authority() -> None:
    assert refused("engine.registries", {"r.test:5000": {}}, below="r.test:5000.ca") == "is missing"


def test_the_agents_keys_are_used_unless_a_file_is_named() -> None:
    assert accepted("engine.ssh.user", "root").engine.ssh.key_file is None
    assert accepted("engine.ssh.key_file", "~/.ssh/id").engine.ssh.key_file == "~/.ssh/id"
