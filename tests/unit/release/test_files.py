"""Stack files keep their looks when their release changes; releases are found by name and age."""

from __future__ import annotations

from pathlib import Path

import pytest

from release import lock, releases
from spec.errors import ReleaseError
from tests.releases import image, release, saved

TEXT = """\
# prod, mind the gap
encryptionsalt: v1:abc
config:
  longshore:release: releases/2026.11.25-1-aaaaaaaa.yaml  # by promotion only
  longshore:cluster: {name: prod}   # short
  other:key: "1"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text(TEXT)
    return tmp_path


def test_one_line_changes_and_nothing_else(root: Path) -> None:
    assert lock.locked(root, "prod") == "2026.11.25-1-aaaaaaaa"
    assert lock.lock(root, ["prod"], "2026.11.25-2-bbbbbbbb") == ["stacks/Pulumi.prod.yaml"]
    after = (root / "stacks" / "Pulumi.prod.yaml").read_text().splitlines()
    changed = [each for each in zip(TEXT.splitlines(), after, strict=True) if each[0] != each[1]]
    assert len(changed) == 1
    assert changed[0][1].startswith("  longshore:release: releases/2026.11.25-2-bbbbbbbb.yaml")
    assert "# by promotion only" in changed[0][1]


def test_a_stack_by_its_full_name_has_the_same_file(root: Path) -> None:
    assert lock.locked(root, "acme/longshore/prod") == "2026.11.25-1-aaaaaaaa"


@pytest.mark.parametrize("text", ["", "config: 3\n", "config:\n", "a: [\n", "- 1\n"])
def test_a_file_that_can_not_be_locked_is_told_and_no_other_is_changed(root: Path, text: str) -> None:
    (root / "stacks" / "Pulumi.odd.yaml").write_text(text)
    with pytest.raises(ReleaseError, match=r"stacks/Pulumi\.odd\.yaml"):
        lock.lock(root, ["odd", "prod"], "2026.11.25-2-bbbbbbbb")
    assert (root / "stacks" / "Pulumi.prod.yaml").read_text() == TEXT


def test_a_stack_without_a_file_is_told(root: Path) -> None:
    with pytest.raises(ReleaseError, match="commit the stack's file"):
        lock.locked(root, "nowhere")


def test_what_is_said_to_this_program_is_read_without_its_prefix() -> None:
    assert lock.values(TEXT, "x") == {"release": "releases/2026.11.25-1-aaaaaaaa.yaml", "cluster": {"name": "prod"}}


def test_releases_are_in_the_order_they_were_cut_in(tmp_path: Path) -> None:
    made = [saved(tmp_path, images={"web": image(digit)}) for digit in "ab"]
    assert releases.next_number(tmp_path, "2026.11.25") == 2
    assert releases.next_number(tmp_path, "2026.11.26") == 1
    names = ["2026.11.25-10-aaaaaaaa", "2026.11.25-9-ffffffff", "2026.9.1-1-00000000"]
    assert sorted(names[:2], key=releases.age) == [names[1], names[0]]
    assert set(releases.ids(tmp_path)) == {each.id for each in made}


def test_a_release_is_written_once_and_found_by_its_beginning(tmp_path: Path) -> None:
    made = saved(tmp_path)
    assert releases.load(tmp_path, made.id[:11]) == made
    with pytest.raises(ReleaseError, match="is there already"):
        releases.save(tmp_path, made)
    saved(tmp_path, by="Bob")
    with pytest.raises(ReleaseError, match="give more of its id"):
        releases.load(tmp_path, "2026")
    with pytest.raises(ReleaseError, match="there is no such release"):
        releases.load(tmp_path, release(3).id)
    with pytest.raises(ReleaseError, match="there is no such release"):
        releases.load(tmp_path, "")
