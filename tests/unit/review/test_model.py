"""The change model: its schema, its fingerprints."""

from __future__ import annotations

from pathlib import Path

import review
from review.build import StateFacts, from_lines
from review.model import ChangeModel
from review.schema import schema
from tests.unit.review import log

UPDATE = log.steps("update", log.VM, "a", {"memory": 1024}, {"memory": 2048})


def test_the_committed_schema_is_fresh() -> None:
    committed = Path(str(review.__file__)).with_name("schema.json")
    assert committed.read_text() == schema(), "longshore review schema > review/schema.json"


def test_a_model_survives_being_written_and_read() -> None:
    model = from_lines(log.lines(UPDATE, log.steps("replace", log.VM, "b", {}, {})))
    assert ChangeModel.model_validate_json(model.model_dump_json()) == model


def test_a_fingerprint_follows_the_change_and_nothing_else() -> None:
    bigger = log.steps("update", log.VM, "a", {"memory": 1024}, {"memory": 4096})
    neighbour = log.steps("same", log.VM, "b", {})
    model = from_lines(log.lines(UPDATE))
    assert model.fingerprint() == from_lines(log.lines(neighbour, UPDATE)).fingerprint()
    assert model.fingerprint() != from_lines(log.lines(bigger)).fingerprint()


def test_the_state_adds_dependencies_and_age() -> None:
    export = {
        "deployment": {"resources": [{"urn": log.urn(log.VM, "a"), "dependencies": ["x"], "created": "2026-01-01"}]}
    }
    resource = from_lines(log.lines(UPDATE), state=StateFacts.of(export)).resources[0]
    assert (resource.dependencies, resource.created) == (("x",), "2026-01-01")


def test_a_copy_has_what_it_was_given_not_what_was_worked_out_before() -> None:
    model = from_lines(log.lines(UPDATE))
    assert [len(model.changed), len(model.by_urn), model.counts.total()] == [1, 1, 1]
    copied = model.model_copy(update={"resources": ()})
    assert [len(copied.changed), len(copied.by_urn), copied.counts.total()] == [0, 0, 0]
    assert model.changed == model.resources


def test_an_approval_is_bound_to_a_secret_that_is_laid_open_in_what_stays() -> None:
    stays, opens = (log.steps("same", log.VM, "a", {"note": log.SECRET}, {"note": new}) for new in (log.SECRET, "open"))
    assert from_lines(log.lines(stays)).fingerprint() != from_lines(log.lines(opens)).fingerprint()
