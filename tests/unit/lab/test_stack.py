from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lab import credentials, stack, stacks
from lab.folder import Folder
from spec.errors import LabError


def salt(passphrase: str) -> str:
    """An `encryptionsalt` as Pulumi makes it."""
    seed, nonce = b"12345678", b"123456789012"
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), seed, 1_000_000)
    parts = (seed, nonce, AESGCM(key).encrypt(nonce, b"pulumi", None))
    encoded = [base64.b64encode(part).decode() for part in parts]
    return f"v1:{encoded[0]}:v1:{encoded[1]}:{encoded[2]}"


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    """Records each command and its standard input."""
    seen: list[tuple[list[str], str]] = []

    def run(command: list[str], *, stdin: str, environment: Mapping[str, str], fix: str) -> str:
        assert environment == {"PULUMI_BACKEND_URL": "file:///state"}
        assert "doctor" in fix
        seen.append((command, stdin))
        return ""

    monkeypatch.setattr(stack, "run", run)
    return seen


def prepare(folder: Folder, text: str) -> credentials.Credentials:
    folder.stack_file.parent.mkdir(parents=True)
    folder.stack_file.write_text(text)
    return credentials.ensure(folder, print)


ENVIRONMENT = {"PULUMI_BACKEND_URL": "file:///state"}
SEALED = """config:
  longshore:target: {password: {secure: v1:x}}
  longshore:secrets: {cache-password: {secure: v1:y}}
"""


def ensure(folder: Folder, keys: credentials.Credentials) -> None:
    secrets = {stacks.TARGET_PASSWORD: keys.vcenter_password, stacks.CACHE_PASSWORD: keys.cache_password}
    stack.ensure(folder, "lab", secrets, ENVIRONMENT, print)


def test_a_passphrase_opens_its_own_salt_only() -> None:
    assert stack.opens(salt("right"), "right")
    assert not stack.opens(salt("right"), "wrong")


def test_a_new_stack_is_made_and_its_secrets_go_in_by_standard_input(folder: Folder, commands: Any) -> None:
    keys = prepare(folder, "config: {longshore:target: {kind: vsphere}}\n")
    ensure(folder, keys)
    verbs = [command[1:4] for command, _ in commands]
    assert verbs == [["stack", "init", "lab"], ["config", "set", "--secret"], ["config", "set", "--secret"]]
    assert [stdin for _, stdin in commands[1:]] == [keys.vcenter_password.read_text(), keys.cache_password.read_text()]
    words = " ".join(word for command, _ in commands for word in command)
    assert not any(path.read_text() in words for path in keys.lasting)


def test_a_stack_that_is_there_needs_no_pulumi_at_all(folder: Folder, commands: Any) -> None:
    keys = prepare(folder, SEALED)
    made = folder.state / ".pulumi" / "stacks" / "longshore"
    made.mkdir(parents=True)
    (made / "lab.json").touch()
    ensure(folder, keys)
    assert commands == []


def test_secrets_of_a_lost_passphrase_are_told_with_a_way_out(folder: Folder, commands: Any) -> None:
    keys = prepare(folder, f"encryptionsalt: {salt('lost')}\n{SEALED}")
    with pytest.raises(LabError, match=r"a passphrase that is gone(.|\n)*remove .*Pulumi.lab.yaml"):
        ensure(folder, keys)
    assert commands == []


def test_secrets_of_the_labs_passphrase_pass(folder: Folder, commands: Any) -> None:
    keys = prepare(folder, SEALED)
    folder.stack_file.write_text(f"encryptionsalt: {salt(keys.passphrase.read_text())}\n{SEALED}")
    ensure(folder, keys)
    assert [command[1:3] for command, _ in commands] == [["stack", "init"]]


@pytest.mark.parametrize(
    ("config", "there"),
    [
        ({}, False),
        ({"a": 1}, False),
        ({"a": {}}, False),
        ({"a": {"b": None}}, False),
        ({"a": {"b": {"secure": ""}}}, True),
    ],
)
def test_a_value_at_a_path_is_there_or_not(config: dict[str, Any], there: bool) -> None:
    assert stack.has(config, "a.b") is there
