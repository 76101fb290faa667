"""The log is only ever appended to, and tells when it wasn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from release import log
from spec.errors import ReleaseError
from spec.promotion import FreezeOff, FreezeOn, Promotion
from tests.releases import COMMIT, NOON, release

ON = FreezeOn(at=NOON, by="Ada", reason="an incident")
OFF = FreezeOff(at=NOON, by="Ada", reason="it is over")
PROMOTED = Promotion(at=NOON, by="Ada", release=release().id, commit=COMMIT)


def three(root: Path) -> Path:
    log.append(root, "prod", ON, PROMOTED)
    return root / log.append(root, "prod", OFF)


def test_records_come_back_in_order(tmp_path: Path) -> None:
    file = three(tmp_path)
    assert file == tmp_path / "stacks" / "promotions" / "prod.jsonl"
    assert [each.kind for each in log.read(tmp_path, "prod")] == ["freeze", "promote", "unfreeze"]
    assert log.read(tmp_path, "dev") == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0].replace("incident", "exercise"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], "", *lines[1:]],
    ],
)
def test_a_changed_removed_or_moved_line_is_found(tmp_path: Path, change: object) -> None:
    file = three(tmp_path)
    lines = file.read_text().splitlines()
    file.write_text("\n".join(change(lines)) + "\n")  # type: ignore[operator]
    with pytest.raises(ReleaseError, match=r"stacks/promotions/prod\.jsonl:\d") as caught:
        log.append(tmp_path, "prod", ON)
    assert "only ever appended to" in str(caught.value)


def test_an_unknown_kind_or_key_is_refused(tmp_path: Path) -> None:
    file = three(tmp_path)
    file.write_text(file.read_text().replace('"kind":"freeze"', '"kind":"thaw"'))
    with pytest.raises(ReleaseError, match=r"prod\.jsonl:1"):
        log.read(tmp_path, "prod")


def test_a_last_line_that_was_cut_off_is_no_record(tmp_path: Path) -> None:
    file = three(tmp_path)
    file.write_text(file.read_text()[:-20])
    with pytest.raises(ReleaseError, match=r"prod\.jsonl:3"):
        log.read(tmp_path, "prod")


def test_a_file_without_its_last_line_end_is_gone_on_with(tmp_path: Path) -> None:
    file = three(tmp_path)
    file.write_text(file.read_text().rstrip("\n"))
    log.append(tmp_path, "prod", ON)
    assert len(log.read(tmp_path, "prod")) == 4
