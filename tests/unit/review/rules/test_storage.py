"""Disks, datastores, snapshots and the data on a node: what is lost, and what only seems to be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from review.build import StateFacts, from_lines
from review.risk import Surroundings
from review.rules import assess
from tests.unit.review import log
from tests.unit.review.ask import Steps, ask, create, delete, forced, member, named, replace, same, says, step, update
from tests.unit.review.fixtures import TYPES

ROOT, DATA = {"label": "root", "size": 20}, {"label": "data", "size": 100}


def disks(*items: dict[str, Any]) -> dict[str, Any]:
    return {"name": "w1", "disks": list(items)}


def service(constraint: str, **mount: Any) -> Steps:
    spec = {"containerSpec": {"mounts": [{"type": "volume", **mount}]}, "placement": {"constraints": [constraint]}}
    return same("service", "db", name="db", taskSpec=spec)


@pytest.mark.parametrize(
    ("old", "held"),
    [
        (disks(ROOT, DATA), "data disk data"),
        (disks(ROOT, DATA, {"label": "logs"}), "data disk data, logs"),
        (disks(ROOT, {**DATA, "keepOnRemove": True}, {"label": "logs"}), "data disk logs"),
        (disks(ROOT, {"size": 1}), "data disk (no label)"),
        (disks(ROOT, {**DATA, "attach": True}), None),
        (disks(ROOT, {**DATA, "keepOnRemove": True}), None),
        (disks(ROOT), None),
        ({"name": "w1", "disks": log.COMPUTED}, None),
        ({"name": "w1"}, None),
    ],
)
@pytest.mark.parametrize("op", ["replace", "delete"])
def test_a_machine_holds_data_on_disks_that_go_with_it(op: str, old: dict[str, Any], held: str | None) -> None:
    (said,) = [says("STATEFUL-NODE-REPLACED", step(op, "vm", "w1", old, {"name": "w1"}))]
    fate = "replaced (deleted first)" if op == "replace" else "deleted"
    assert said == (f"`w1` is {fate} and holds data: {held}." if held else "")


@pytest.mark.parametrize(
    ("labels", "held"),
    [
        ({"stateful": "true"}, "label `stateful=true`"),
        ({"pool": "database"}, "label `pool=database`"),
        ({"storage": "ssd"}, "label `storage=ssd`"),
        ({"stateful": "false"}, None),
        ({"pool": "web"}, None),
        ({"database-client": "yes"}, None),
    ],
)
def test_a_node_s_labels_say_that_it_holds_data(labels: dict[str, str], held: str | None) -> None:
    said = says("STATEFUL-NODE-REPLACED", replace("vm", "w1", {"name": "w1"}), member("w1", "worker", **labels))
    assert said == (f"`w1` is replaced (deleted first) and holds data: {held}." if held else "")


@pytest.mark.parametrize(
    ("steps", "bound"),
    [
        (service("node.hostname == w1"), True),
        (service("node.hostname==w1"), True),
        (service("node.labels.zone == a"), True),
        (service("node.hostname != w1"), False),
        (service("node.hostname == w2"), False),
        (service("node.labels.zone == b"), False),
        (service("node.labels.none == a"), False),
        (service("node.role == worker"), False),
        (service("node.hostname == w1", type="bind"), False),
    ],
)
def test_a_service_s_volume_is_held_by_the_node_it_is_bound_to(steps: Steps, bound: bool) -> None:
    said = says("STATEFUL-NODE-REPLACED", replace("vm", "w1", {"name": "w1"}), member("w1", "worker", zone="a"), steps)
    assert said.endswith("local volumes of service db.") is bound
    assert bool(said) is bound


def test_a_stateful_machine_is_told_why_and_what_to_do() -> None:
    (risk,) = ask("STATEFUL-NODE-REPLACED", replace("vm", "w1", disks(ROOT, DATA)))
    assert risk.why == "its replacement was asked for (such as a raised generation)"
    assert risk.do == "back the data up and restore it, or move it to a disk that outlives the machine"
    assert says("STATEFUL-NODE-REPLACED", update("vm", "w1", disks(ROOT, DATA), disks(ROOT))) == ""


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        (disks(ROOT, DATA), disks(ROOT), ["data"]),
        (disks(ROOT, DATA), disks(ROOT, {**DATA, "label": "db"}), ["data"]),
        (disks(ROOT, DATA), {"name": "w1"}, ["root", "data"]),
        (disks(ROOT, {**DATA, "keepOnRemove": True}), disks(ROOT), []),
        (disks(ROOT, {**DATA, "attach": True}), disks(ROOT), []),
        (disks(ROOT, DATA), disks(DATA, ROOT), []),
        (disks(ROOT), disks(ROOT, DATA), []),
        (disks(ROOT, DATA), {"name": "w1", "disks": log.COMPUTED}, []),
    ],
)
def test_a_disk_taken_out_of_the_list_is_deleted(old: dict[str, Any], new: dict[str, Any], gone: list[str]) -> None:
    found = ask("DISK-DESTROYED", update("vm", "w1", old, new))
    assert [risk.what for risk in found] == [f"disk `{label}` of `w1` is taken out and deleted." for label in gone]
    assert all(risk.do == "set keep_on_remove, or keep the disk's label" for risk in found)


def test_a_stand_alone_disk_is_destroyed_with_its_data_unless_it_is_retained() -> None:
    typed = forced("disk", "d", {"type": "thin"}, {"type": "lazy"}, "type")
    (risk,) = ask("DISK-DESTROYED", typed)
    assert (risk.what, risk.why) == ("disk `d` is replaced (deleted first) with its data.", "`type` changes")
    assert says("DISK-DESTROYED", delete("disk", "d")) == "disk `d` is deleted with its data."
    assert says("DISK-DESTROYED", delete("disk", "d", was={"retainOnDelete": True})) == ""
    assert says("DISK-DESTROYED", create("disk", "d")) == ""


@pytest.mark.parametrize(
    ("kind", "old", "new", "sentence"),
    [
        ("vm", disks(DATA), disks({**DATA, "size": 50}), "`w1`: `disks[data].size` 100 → 50 GiB."),
        ("disk", {"size": 9}, {"size": 8}, "`w1`: `size` 9 → 8 GiB."),
        ("vm", disks(DATA), disks({**DATA, "size": 200}), ""),
        ("vm", disks(DATA), disks({**DATA, "size": log.COMPUTED}), ""),
        ("vm", {"memory": 2}, {"memory": 1}, ""),
        ("disk", {"size": 9}, {}, ""),
    ],
)
def test_a_disk_can_not_shrink(kind: str, old: dict[str, Any], new: dict[str, Any], sentence: str) -> None:
    assert says("DISK-SHRINK", update(kind, "w1", old, new)) == sentence


def test_a_disk_on_another_datastore_is_an_empty_one() -> None:
    moved = forced("disk", "d", {"datastore": "a"}, {"datastore": "b"}, "datastore")
    assert says("VIRTUALDISK-DATASTORE", moved) == "disk `d` is destroyed and made empty on another datastore."
    assert says("DISK-DESTROYED", moved) == ""
    assert says("VIRTUALDISK-DATASTORE", update("disk", "d", {"datastore": "a"}, {"datastore": "b"})) == ""
    assert says("VIRTUALDISK-DATASTORE", delete("disk", "d", {"datastore": "a"})) == ""


@pytest.mark.parametrize(
    ("old", "new", "sentence", "why"),
    [
        ({"datastoreId": "a"}, {"datastoreId": "b"}, "0 GiB within 10 min", "`datastoreId`"),
        ({"datastoreClusterId": "a"}, {"datastoreClusterId": "b"}, "0 GiB within 10 min", "`datastoreClusterId`"),
        (
            {**disks({**ROOT, "datastoreId": "a"}, DATA), "migrateWaitTimeout": 60},
            {**disks({**ROOT, "datastoreId": "b"}, DATA), "migrateWaitTimeout": 60},
            "120 GiB within 60 min",
            "`disks[root].datastoreId`",
        ),
    ],
)
def test_a_storage_vmotion_is_told_with_its_size_and_its_time(
    old: dict[str, Any], new: dict[str, Any], sentence: str, why: str
) -> None:
    (risk,) = ask("DATASTORE-MOVE", update("vm", "w1", old, new))
    assert (risk.what, risk.why) == (f"`w1` moves to another datastore: {sentence}.", why)


def test_what_is_no_storage_vmotion() -> None:
    assert says("DATASTORE-MOVE", update("vm", "w1", {"hostSystemId": "a"}, {"hostSystemId": "b"})) == ""
    assert says("DATASTORE-MOVE", replace("vm", "w1", {"datastoreId": "a"}, {"datastoreId": "b"})) == ""


@pytest.mark.parametrize(
    ("op", "created", "sentence"),
    [
        ("same", "2026-11-20T00:00:00Z", "snapshot `s` is 4 days old."),
        ("same", "2026-11-20T23:59:59.123456789+02:00", "snapshot `s` is 4 days old."),
        ("same", "2026-11-21T00:00:00Z", ""),
        ("same", "", ""),
        ("same", "yesterday", ""),
        ("delete", "2026-01-01T00:00:00Z", ""),
        ("update", "2026-01-01T00:00:00Z", "snapshot `s` is 327 days old."),
    ],
)
def test_a_snapshot_s_age(op: str, created: str, sentence: str) -> None:
    steps = step(op, "snapshot", "s", {"a": 1}, {"a": 2})
    state = StateFacts({}, {log.urn(TYPES["snapshot"], "s"): created})
    risks = assess(from_lines(log.lines(steps), state=state), Surroundings(today=date(2026, 11, 24)))
    assert [risk.what for risk in risks if risk.rule == "SNAPSHOT-OLD"] == ([sentence] if sentence else [])


def test_a_risk_points_at_the_machine_that_loses_its_disk() -> None:
    (risk,) = ask("DISK-DESTROYED", update("vm", "w1", disks(ROOT, DATA), disks(ROOT)))
    assert named(risk) == ["w1"]
