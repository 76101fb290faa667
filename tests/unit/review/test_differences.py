"""What differs: with a provider's detailed diff, with an empty one, and with none."""

from __future__ import annotations

from typing import Any

import pytest

from review import paths
from review.build import from_lines
from review.diff import leaves
from review.marks import COMPUTED, HIDDEN, SEALED
from review.model import Change, Resource
from tests.unit.review import log

Changes = list[tuple[str, str, Any, Any]]


def resource(old: dict[str, Any], new: dict[str, Any], op: str = "update", **more: Any) -> Resource:
    return from_lines(log.lines(log.steps(op, log.VM, "a", old, new, **more))).resources[0]


def short(found: Resource) -> Changes:
    return [(change.path, change.kind, change.before, change.after) for change in found.changes]


def one(found: Resource) -> Change:
    (change,) = found.changes
    return change


def test_no_detailed_diff_means_the_inputs_are_compared() -> None:
    found = resource({"memory": 4096, "cpus": 2}, {"memory": 8192, "cpus": 2}, detailedDiff=None)
    assert short(found) == [("memory", "update", 4096, 8192)]


def test_an_empty_detailed_diff_means_nothing_but_the_named_keys() -> None:
    quiet = resource({"memory": 4096, "x": 1}, {"memory": 8192, "x": 2}, detailedDiff={})
    assert short(quiet) == []
    named = resource({"memory": 4096, "x": 1}, {"memory": 8192, "x": 2}, detailedDiff={}, diffs=["x"])
    assert short(named) == [("x", "update", 1, 2)]


def test_a_detailed_diff_decides_what_is_shown_and_what_replaces() -> None:
    detailed = {"clone.templateUuid": {"diffKind": "update-replace", "inputDiff": True}}
    found = resource(
        {"clone": {"templateUuid": "t1"}, "guestId": "A"},
        {"clone": {"templateUuid": "t2"}, "guestId": "a"},
        "replace",
        detailedDiff=detailed,
        keys=["clone"],
    )
    assert short(found) == [("clone.templateUuid", "update", "t1", "t2")]
    assert one(found).replaces


def test_an_output_difference_takes_its_old_side_from_the_outputs() -> None:
    detailed = {"hvMode": {"diffKind": "update", "inputDiff": False}}
    found = resource({"hvMode": "hvAuto"}, {"hvMode": "hvAuto"}, detailedDiff=detailed, was={"outputs": {"hvMode": ""}})
    assert short(found) == [("hvMode", "update", "", "hvAuto")]


def test_list_items_are_compared_by_name_not_by_position() -> None:
    old = {"disks": [{"label": "root", "size": 20}, {"label": "data", "size": 100}]}
    new = {"disks": [{"label": "data", "size": 200}, {"label": "root", "size": 20}]}
    detailed = {"disks[0].label": {"diffKind": "update", "inputDiff": True}, "disks[0].size": {"diffKind": "update"}}
    assert short(resource(old, new, detailedDiff=detailed)) == [("disks[data].size", "update", 100, 200)]


def test_a_plain_list_that_grows_shows_only_what_is_new() -> None:
    assert short(resource({"dns": ["a", "b"]}, {"dns": ["z", "a", "b"]})) == [("dns[0]", "add", None, "z")]


def test_a_provider_s_own_notes_are_no_change() -> None:
    assert short(resource({"__defaults": [], "x": 1}, {"__defaults": ["x"], "x": 1})) == []


def test_a_number_in_another_notation_is_no_change() -> None:
    assert list(leaves({"a": 4.0, "b": 1}, {"a": 4, "b": 2})) == [("b", "update", 1, 2)]


def test_a_changed_secret_is_reported_without_its_value() -> None:
    detailed = {"password": {"diffKind": "update", "inputDiff": True}}
    change = one(resource({"password": log.SECRET}, {"password": log.SECRET}, detailedDiff=detailed))
    assert (change.before, change.after, change.concealed) == (SEALED, SEALED, True)
    named = one(resource({"data": log.SECRET}, {"data": log.SECRET}, diffs=["data"]))
    assert (named.path, named.concealed) == ("data", True)


def test_a_value_that_becomes_secret_is_hidden_on_its_old_side_too() -> None:
    found = resource({"note": "correct horse"}, {"note": log.SECRET})
    assert short(found) == [("note", "update", HIDDEN, SEALED)]
    assert "correct horse" not in found.model_dump_json()


def test_a_secret_that_becomes_plain_stays_hidden() -> None:
    found = resource({"note": log.SECRET}, {"note": "correct horse"})
    assert short(found) == [("note", "update", SEALED, HIDDEN)]
    assert "correct horse" not in found.model_dump_json()


def test_a_secret_that_becomes_plain_is_a_change_though_nobody_names_it() -> None:
    detailed = {"memory": {"diffKind": "update", "inputDiff": True}}
    sides = ({"memory": 1, "note": log.SECRET}, {"memory": 2, "note": "correct horse"})
    for more in ({"detailedDiff": detailed}, {"detailedDiff": {}, "diffs": ["memory"]}):
        assert short(resource(*sides, **more)) == [("memory", "update", 1, 2), ("note", "update", SEALED, HIDDEN)]


def test_a_resource_that_stays_may_still_lay_a_secret_open() -> None:
    found = resource({"a": {"b": log.SECRET}, "x": 1}, {"a": {"b": "correct horse"}, "x": 1}, "same")
    assert (found.is_changed, short(found)) == (False, [("a.b", "update", SEALED, HIDDEN)])
    assert "correct horse" not in resource({"note": log.SECRET}, {"note": "correct horse"}, "same").model_dump_json()
    for old, new in (({"a": 1}, {"a": log.SECRET}), ({"a": log.SECRET}, {"a": log.COMPUTED}), ({"a": log.SECRET}, {})):
        assert short(resource(old, new, "same")) == []


def test_a_secret_in_a_list_that_changed_its_length_is_hidden_on_both_sides() -> None:
    old = {"env": [{"name": "A", "value": "correct horse"}]}
    new = {"env": [{"name": "B", "value": "b"}, {"name": "A", "value": log.SECRET}]}
    assert "correct horse" not in resource(old, new).model_dump_json()


def test_a_value_known_only_later_is_said_to_be_so() -> None:
    change = one(resource({"host": "10.0.0.1"}, {"host": log.COMPUTED}))
    assert (change.after, change.computed) == (COMPUTED, True)


def test_hidden_differences_stay_hidden() -> None:
    assert short(resource({"x": 1}, {"x": 2}, will={"hideDiffs": [["x"]]})) == [("x", "update", HIDDEN, HIDDEN)]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("disks[0].size", ("disks", 0, "size")),
        ('extraConfig["guestinfo.userdata"]', ("extraConfig", "guestinfo.userdata")),
        ('a["x\\"y"].b', ("a", 'x"y', "b")),
        ("disks[data].size", ("disks", "data", "size")),
    ],
)
def test_paths_are_read(path: str, parts: tuple[str | int, ...]) -> None:
    assert paths.parse(path) == parts


def test_a_path_s_shape_has_no_names_of_items() -> None:
    assert paths.shape("disks[data].size") == paths.shape("disks[0].size") == "disks[].size"


FILLED = {"diffKind": "add", "inputDiff": False}


def test_what_a_provider_fills_in_itself_is_noise_beside_a_true_difference() -> None:
    given = {"env": FILLED, "image": {"diffKind": "update", "inputDiff": True}}
    found = resource({"image": "web:1"}, {"image": "web:2"}, detailedDiff=given, diffs=["env", "image"])
    assert [change.path for change in found.changes] == ["image"]


def test_it_is_told_when_it_is_all_there_is_or_replaces() -> None:
    assert [each.path for each in resource({}, {}, detailedDiff={"env": FILLED}, diffs=["env"]).changes] == ["env"]
    given = {"env": {"diffKind": "add-replace", "inputDiff": False}, "image": {"diffKind": "update", "inputDiff": True}}
    found = resource({"image": "web:1"}, {"image": "web:2"}, detailedDiff=given, diffs=["env", "image"])
    assert [each.path for each in found.changes] == ["env", "image"]
