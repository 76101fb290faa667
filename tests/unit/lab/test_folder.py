from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lab.folder import Folder, write_private
from spec.errors import LabError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_two_checkouts_have_different_names(tmp_path: Path) -> None:
    names = {Folder(tmp_path / checkout).name for checkout in ("one", "two")}
    assert len(names) == 2
    assert all(len(name) == len("longshore-") + 8 for name in names)


def test_the_name_is_the_same_every_time(tmp_path: Path) -> None:
    assert Folder(tmp_path).name == Folder(tmp_path).name


def test_all_folders_are_private(folder: Folder) -> None:
    assert {mode(path) for path in (folder.root, folder.logs, folder.state)} == {0o700}


def test_making_it_twice_keeps_what_is_there(folder: Folder) -> None:
    (folder.state / "kept").touch()
    folder.make()
    assert (folder.state / "kept").exists()


def test_a_path_too_long_for_a_socket_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"too long for a Unix socket(.|\n)*shorter path"):
        Folder(tmp_path / ("x" * 100)).make()


def test_a_second_lab_command_is_kept_out(folder: Folder) -> None:
    with folder.locked(), pytest.raises(LabError, match="another `longshore lab` command"), folder.locked():
        pytest.fail("the second got in")


def test_the_lock_is_free_again_after_a_failure(folder: Folder) -> None:
    with pytest.raises(ZeroDivisionError), folder.locked():
        raise ZeroDivisionError
    with folder.locked():
        assert (folder.root / "lock").exists()


@pytest.mark.parametrize("content", ["text", b"bytes"])
def test_private_files_are_their_owners_alone(tmp_path: Path, content: str | bytes) -> None:
    write_private(tmp_path / "secret", content)
    assert mode(tmp_path / "secret") == 0o600
    assert (tmp_path / "secret").read_text() in ("text", "bytes")


def test_a_private_file_is_replaced_whole_and_leaves_no_part(tmp_path: Path) -> None:
    (tmp_path / "secret.part").write_text("of a crash")
    for content in ("first", "second"):
        write_private(tmp_path / "secret", content)
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").read_text() == "second"
