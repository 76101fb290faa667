"""What a rollback can't bring back, and what is said instead; what it can is let through."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from release import reversibility
from release.gate import State
from release.reversibility import Then, findings, gate, losses, major
from review.risk import Risk, Severity
from spec.release import Release
from tests.releases import image, release

VALUES: dict[str, Any] = {
    "target": {"template": "debian-12"},
    "cluster": {"pools": {"workers": {"count": 2, "generation": 1}}},
    "services": {"db": {"mounts": [{"kind": "volume", "source": "data", "target": "/data"}]}},
    "secrets": {"password": {"secure": "v1:a"}},
}


def then(path: str = "", before: Any = None, now: Any = None) -> Then:
    sides = []
    for value in (before, now):
        side: Any = copy.deepcopy(VALUES)
        *parents, last = path.split(".")
        place = side
        for part in parents:
            place = place[part]
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
        sides.append(side)
    return Then("prod", *sides)


def went(old: str, new: str, repository: str = "registry.test/postgres") -> tuple[Release, Release]:
    return (
        release(images={"db": image("a", old, repository)}),
        release(images={"db": image("b", new, repository)}),
    )


def found(*stacks: Then) -> tuple[str, ...]:
    return tuple(each.where for each in findings(release(1), release(2), stacks))


def test_what_has_not_moved_is_no_finding() -> None:
    assert found(then()) == ()
    assert gate(()).state is State.PASSED
    assert found(then("cluster.pools.workers.count", 2, 5)) == ()


@pytest.mark.parametrize(
    ("old", "new", "stops"),
    [
        ("15.4", "16.1", True),
        ("16.1", "16.2", False),
        ("9.5.25", "9.6.1", True),
        ("v16", "v17-alpine", True),
        ("bookworm", "trixie", True),
        ("17", "16", False),
    ],
)
def test_a_databases_major_version_stands_in_the_way(old: str, new: str, stops: bool) -> None:
    told = findings(*went(old, new), ())
    assert bool(told) == stops
    if told:
        assert told[0].where == "services.db"
        assert old in told[0].found
        assert "restore the backup" in gate(told).fix


def test_another_images_major_version_does_not() -> None:
    assert findings(*went("1", "2", "registry.test/web"), ()) == ()
    assert major("latest") is None


@pytest.mark.parametrize(
    ("stack", "where"),
    [
        (then("cluster.pools.workers.data_disk", "100 GiB", None), "prod: cluster.pools.workers.data_disk"),
        (then("cluster.pools.workers.generation", 1, 2), "prod: cluster.pools.workers.generation"),
        (then("cluster.pools.workers.generations", {}, {2: 2}), "prod: cluster.pools.workers.generation"),
        (then("secrets.password", {"secure": "v1:a"}, None), "prod: secrets.password"),
        (
            then("services.db.mounts", *([{"kind": "volume", "source": each, "target": "/data"}] for each in "ab")),
            "prod: services.db.mounts",
        ),
    ],
)
def test_what_is_gone_or_replaced_stands_in_the_way(stack: Then, where: str) -> None:
    assert found(stack) == (where,)
    shut = gate(findings(release(1), release(2), (stack,)))
    assert (shut.state, shut.name) == (State.FAILED, reversibility.NAME)
    assert "roll back" in shut.fix or "copy the newer data" in shut.fix


def test_a_secret_that_was_set_anew_is_told_and_let_through() -> None:
    stack = then("secrets.password", {"secure": "v1:a"}, {"secure": "v1:b"})
    told = gate(findings(release(1), release(2), (stack,)))
    assert told.state is State.PASSED
    assert "has been set anew since" in told.found
    assert "v1:" not in told.found


def test_machines_of_a_newer_template_keep_their_hardware_version() -> None:
    stack = then("target.template", "debian-12", "debian-13")
    stack.now["cluster"]["pools"]["workers"]["generation"] = 2
    told = findings(release(1), release(2), (stack,))
    assert any("hardware version is never lowered" in each.found and not each.grave for each in told)


def test_machines_without_local_volumes_may_have_been_replaced() -> None:
    stack = then("cluster.pools.workers.generation", 1, 2)
    for side in (stack.before, stack.now):
        side["services"]["db"]["mounts"] = [{"kind": "tmpfs", "target": "/tmp"}]
    assert findings(release(1), release(2), (stack,)) == ()


def test_what_the_rollback_itself_destroys_stands_in_the_way() -> None:
    risks = [Risk(rule=rule, severity=Severity.NOTE, what="it goes") for rule in ("VOLUME-REPLACED", "VM-REBOOT")]
    told = losses(risks, "prod")
    assert [each.where for each in told] == ["prod: VOLUME-REPLACED"]
    assert "change what asks for it in the stack file" in gate(told).fix


def test_a_stack_file_of_any_shape_is_read() -> None:
    for odd in ({}, {"cluster": 1}, {"cluster": {"pools": {"workers": None}}}, {"services": {"db": {"mounts": 3}}}):
        assert isinstance(findings(release(1), release(2), (Then("prod", odd, VALUES), Then("p", VALUES, odd))), tuple)
