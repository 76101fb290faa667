from __future__ import annotations

import pytest

from lab.progress import quiet, step


def test_a_step_is_announced_and_ends_with_its_time(lines: list[str]) -> None:
    with step(lines.append, "baking"):
        assert lines == ["baking ..."]
    assert lines[1].startswith("baking: done in 0.")


def test_a_step_that_fails_is_not_called_done(lines: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), step(lines.append, "baking"):
        raise ZeroDivisionError
    assert lines == ["baking ..."]


def test_quiet_tells_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    quiet("anything")
    assert capsys.readouterr().out == ""
