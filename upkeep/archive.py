"""A backup as a file: what a manager knows, and whose it is, encrypted in the age format (age-encryption.org)."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path

import pyrage

from spec.errors import SwarmError

FORMAT = 1
MANIFEST, DATA = "manifest.json", "swarm.tar.gz"


@dataclass(frozen=True)
class Manifest:
    """Whose data a backup holds. `time` is UTC in ISO form, `sha256` that of the data."""

    cluster: str
    swarm_id: str
    node: str
    engine_version: str
    time: str
    sha256: str
    format: int = FORMAT


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def seal(plain: bytes, passphrase: str) -> bytes:
    """Encrypt what `pack` gave; `age --decrypt FILE | tar x` opens it without Longshore."""
    sealed: bytes = pyrage.passphrase.encrypt(plain, passphrase)
    return sealed


def unseal(sealed: bytes, passphrase: str, where: str) -> bytes:
    """Decrypt a backup. Raises SwarmError for a wrong passphrase or a damaged file."""
    try:
        plain: bytes = pyrage.passphrase.decrypt(sealed, passphrase)
    except pyrage.DecryptError:
        fix = "it is another file, damaged, or the passphrase is wrong"
        raise SwarmError(where, "can't be decrypted", fix) from None
    return plain


def pack(manifest: Manifest, data: bytes) -> bytes:
    """Put a manifest and the data it describes into one tar."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name, content in ((MANIFEST, json.dumps(asdict(manifest), indent=2).encode()), (DATA, data)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
    return plain.getvalue()


def unpack(plain: bytes, where: str) -> tuple[Manifest, bytes]:
    """Return a backup's manifest and data. Raises SwarmError when they don't belong together."""
    try:
        with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
            manifest = Manifest(**json.loads(_member(tar, MANIFEST)))
            data = _member(tar, DATA)
    except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise SwarmError(where, f"is no backup of a manager ({error})", "choose another file") from None
    if manifest.format != FORMAT or digest(data) != manifest.sha256:
        raise SwarmError(where, "is damaged, or of a version that this one doesn't know", "choose another backup")
    return manifest, data


def save(path: Path, sealed: bytes) -> None:
    """Write a backup where only its owner can read it. Raises SwarmError when something is there already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SwarmError(str(path), "exists already", "choose another name: a backup is never overwritten") from None
    except OSError as error:
        raise SwarmError(str(path), f"can't be written: {error.strerror}", "choose another folder") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)


def load(path: Path) -> bytes:
    """Read a backup's file. Raises SwarmError when it can't be."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SwarmError(str(path), f"can't be read: {error.strerror}", "name a file of `longshore backup`") from None


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()
