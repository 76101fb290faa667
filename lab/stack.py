"""One stack of the lab in Pulumi's file backend, and the secrets in its file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from ruamel.yaml import YAML

from lab.command import run
from lab.credentials import Credentials
from lab.folder import Folder
from lab.progress import Progress, step
from spec.errors import LabError

SET_SECRET = ("config", "set", "--secret", "--path")


def ensure(
    folder: Folder, stack: str, secrets: Mapping[str, Path], environment: Mapping[str, str], progress: Progress
) -> None:
    """See that a stack exists and its file holds its secrets, encrypted. Raises LabError when Pulumi can't.

    `secrets`: the file that holds each in plain text, by its path in the stack file.
    """
    file = folder.file_of(stack)
    check_seal(file, Credentials(folder).passphrase)
    if not (folder.state / ".pulumi" / "stacks" / "longshore" / f"{stack}.json").exists():
        with step(progress, f"stack {stack}: making it in {folder.state}"):
            _pulumi(folder, environment, "stack", "init", stack)
    config = _read(file).get("config") or {}
    for path, source in secrets.items():
        if not has(config, path):
            progress(f"stack {stack}: encrypting {path}")
            _pulumi(folder, environment, *SET_SECRET, path, "--stack", stack, stdin=source.read_text())


def has(config: Mapping[str, Any], path: str) -> bool:
    """Tell whether the value at a dotted path is there."""
    value: Any = config
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value is not None


def check_seal(file: Path, passphrase: Path) -> None:
    """Raise LabError when the stack file's secrets are encrypted with another passphrase than the lab's."""
    salt = str(_read(file).get("encryptionsalt") or "")
    if salt and not opens(salt, passphrase.read_text()):
        fix = f"remove {file} (`longshore lab up` writes a new one), or put back {passphrase}"
        raise LabError(str(file), "its secrets are encrypted with a passphrase that is gone", fix)


def opens(salt: str, passphrase: str) -> bool:
    """Tell whether a passphrase fits an `encryptionsalt`; none fits one that is damaged.

    `v1:SALT:v1:NONCE:TEXT` in base64; AES-256-GCM, key by PBKDF2-SHA256 with 1,000,000 rounds
    (pulumi/pulumi sdk/go/common/resource/config/crypt.go).
    """
    try:
        _version, encoded, _inner, nonce, text = salt.split(":")
        key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), base64.b64decode(encoded), 1_000_000)
        AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(text), None)
    except (InvalidTag, ValueError):
        return False
    return True


def _pulumi(folder: Folder, environment: Mapping[str, str], *arguments: str, stdin: str = "") -> None:
    command = ["pulumi", *arguments, "--non-interactive", "--cwd", str(folder.project)]
    run(command, stdin=stdin, environment=environment, fix="see `longshore lab doctor`")


def _read(file: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(file) or {})
