"""Files changed in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.edit import edit, edited, replace

TEXT = """\
# kept
config:
    a: "1"  # quoted

    list:
      - {x: 1, y: 2}
"""


def test_comments_quotes_order_and_indentation_stay() -> None:
    def change(document: dict[str, dict[str, int]]) -> None:
        document["config"]["b"] = 2

    before = TEXT.replace("    ", "  ")
    after = edited(before, change)
    assert [line for line in after.splitlines() if line != "  b: 2"] == before.splitlines()
    assert after.count("\n  b: 2\n") == 1


def test_a_file_keeps_its_mode_and_leaves_no_part(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(TEXT)
    file.chmod(0o600)
    edit(file, lambda document: document["config"].update(a="3"))
    assert YAML(typ="safe").load(file)["config"]["a"] == "3"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]


def test_a_file_in_a_new_folder(tmp_path: Path) -> None:
    replace(tmp_path / "new" / "a.txt", "x")
    assert (tmp_path / "new" / "a.txt").read_text() == "x"


def test_what_is_no_yaml_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: [")
    with pytest.raises(YAMLError):
        edit(file, lambda _: None)
    assert file.read_text() == "a: ["


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old")
    replace(file, "new")
    assert file.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]
