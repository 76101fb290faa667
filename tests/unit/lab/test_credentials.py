from __future__ import annotations

from pathlib import Path

from lab import credentials
from lab.folder import Folder


def test_everything_is_private_and_made_once(folder: Folder) -> None:
    first = credentials.ensure(folder, print)
    files = [*first.lasting, first.ssh_key]
    before = {path: path.read_bytes() for path in files}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    credentials.ensure(folder, print)
    assert {path: path.read_bytes() for path in files} == before


def test_no_two_are_the_same(folder: Folder) -> None:
    made = credentials.ensure(folder, print)
    assert len({path.read_text() for path in made.lasting}) == 3
    assert all(len(path.read_text()) == 48 for path in made.lasting)


def test_the_public_key_is_one_line_of_ed25519(folder: Folder) -> None:
    key = credentials.ensure(folder, print).public_key
    assert key.startswith("ssh-ed25519 AAAA")
    assert key.endswith(folder.name)
    assert "\n" not in key


def test_a_key_cut_off_by_a_crash_is_made_again(folder: Folder) -> None:
    Path(folder.root / "id_ed25519").write_text("half")
    assert "PRIVATE KEY" in credentials.ensure(folder, print).ssh_key.read_text()
