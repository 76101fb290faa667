"""`longshore check` and `longshore schema`: without any engine, and without a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import check, root
from cli.main import app
from spec.errors import LongshoreError, SpecError
from spec.schema import schema
from tests.conftest import ROOT

RUN = CliRunner()
EXAMPLE = (ROOT / "stacks" / "Pulumi.example-vsphere.yaml").read_text()


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(root, "ROOT", tmp_path)
    (tmp_path / "stacks").mkdir()
    return tmp_path / "stacks"


def test_a_stacks_file_is_in_the_project_wherever_one_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert root.stack_file("dev") == ROOT / "stacks" / "Pulumi.dev.yaml"
    assert (root.ROOT / "Pulumi.yaml").is_file()


def test_a_good_file_is_summed_up(stacks: Path) -> None:
    (stacks / "Pulumi.prod.yaml").write_text(EXAMPLE.replace("count: 4", "count: 9"))
    result = RUN.invoke(app, ["check", "prod"])
    assert (result.exit_code, result.stdout) == (0, "stacks/Pulumi.prod.yaml: ok (3 managers, 9 workers, 3 services)\n")


def test_every_mistake_is_told_at_once(stacks: Path) -> None:
    (stacks / "Pulumi.prod.yaml").write_text(
        EXAMPLE.replace("count: 3", "count: three").replace("datastore", "dataStor")
    )
    with pytest.raises(SpecError) as caught:
        RUN.invoke(app, ["check", "prod"], catch_exceptions=False)
    assert "did you mean `datastore`?" in str(caught.value)
    assert "cluster.pools.managers.count" in str(caught.value)


def test_a_stack_must_be_named() -> None:
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 2
    assert "Missing argument" in result.output


def test_the_schema_is_printed_or_written(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["schema"]).stdout == schema()
    assert RUN.invoke(app, ["schema", "--output", str(tmp_path / "s.json")]).stdout == ""
    assert (tmp_path / "s.json").read_text() == schema()


@pytest.mark.parametrize("place", ["no/such/folder/s.json", "."])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(LongshoreError, match=r"can't be written: (No such file|Is a directory)"):
        check.schema(tmp_path / place)
