"""A backup's file: readable by its owner, opened by its passphrase, and refused when anything is off."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.errors import SwarmError
from upkeep.archive import Manifest, digest, load, pack, save, seal, unpack, unseal

DATA = b"raft, keys and a canary-secret"
MANIFEST = Manifest("shop", "swarm-0", "m2", "27.0", "2026-11-24T20:00:00+00:00", digest(DATA))


@given(st.binary(max_size=300), st.text(), st.text())
def test_what_goes_in_comes_out(data: bytes, cluster: str, node: str) -> None:
    manifest = replace(MANIFEST, cluster=cluster, node=node, sha256=digest(data))
    assert unpack(pack(manifest, data), "file") == (manifest, data)


def test_only_the_passphrase_opens_it() -> None:
    plain = pack(MANIFEST, DATA)
    sealed = seal(plain, "right")
    assert b"canary" not in sealed
    assert b"swarm-0" not in sealed
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert unseal(sealed, "right", "file") == plain
    with pytest.raises(SwarmError, match="file: can't be decrypted"):
        unseal(sealed, "wrong", "file")


@pytest.mark.parametrize("other", [b"", b"something else"])
def test_another_file_is_refused(other: bytes) -> None:
    with pytest.raises(SwarmError, match="can't be decrypted"):
        unseal(other, "right", "file")


def test_data_that_is_not_what_the_manifest_says_is_refused() -> None:
    with pytest.raises(SwarmError, match="is damaged"):
        unpack(pack(MANIFEST, DATA + b"!"), "file")
    with pytest.raises(SwarmError, match="of a version"):
        unpack(pack(replace(MANIFEST, format=2), DATA), "file")


@pytest.mark.parametrize("content", [b"no tar at all", None])
def test_a_file_of_something_else_is_refused(content: bytes | None) -> None:
    if content is None:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            tar.addfile(tarfile.TarInfo("other"))
        content = buffer.getvalue()
    with pytest.raises(SwarmError, match="is no backup of a manager"):
        unpack(content, "file")


def test_the_file_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "backup.age"
    save(file, b"sealed")
    assert file.stat().st_mode & 0o777 == 0o600
    assert load(file) == b"sealed"
    with pytest.raises(SwarmError, match="exists already"):
        save(file, b"other")
    assert load(file) == b"sealed"


def test_places_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(SwarmError, match="can't be written"):
        save(tmp_path / "no" / "backup.age", b"")
    with pytest.raises(SwarmError, match="can't be read"):
        load(tmp_path / "backup.age")
