"""The benchmark measures what it says it does."""

from __future__ import annotations

import pytest

from review.build import from_lines
from review.model import Action
from tests import bench


@pytest.mark.parametrize(("share", "changed"), [(0, 0), (1, 2), (100, 200)])
def test_a_log_has_the_steps_and_the_changes_that_were_asked_for(share: int, changed: int) -> None:
    model = from_lines(bench.lines(200, share))
    assert len(model.resources) == 200
    assert model.counts[Action.UPDATE] == len(model.changed) == changed
    assert not model.run.cut_off


def test_a_measurement_has_every_part() -> None:
    found = bench.measure(20, 100)
    assert set(found) == {"model", "risks", "report", "memory"}
    assert all(value >= 0 for value in found.values())


def test_the_table_has_a_row_for_each_size_and_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SIZES", (10, 20))
    assert bench.table().row_count == 2 * len(bench.SHARES)
