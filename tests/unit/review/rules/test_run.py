"""What is wrong with the preview itself, or with the moment; and how grave each rule is where."""

from __future__ import annotations

from typing import Any

import pytest

from review.build import from_lines
from review.model import Change, ChangeModel, Run
from review.risk import Severity, Surroundings
from review.rules import RULES, assess
from review.rules.classes import severity
from tests.unit.review import fixtures, log
from tests.unit.review.ask import Steps, ask, delete, named, replace, same, says, update


def told(rule: str, model: ChangeModel, **around: Any) -> list[str]:
    return [risk.what for risk in assess(model, Surroundings(**around)) if risk.rule == rule]


def test_what_an_earlier_update_left_is_one_risk_and_what_it_broke_one_each() -> None:
    left = [delete("vm", name, was={"delete": True}) for name in ("a", "b")]
    broken = [
        update("vm", name, {"x": 1}, {"x": 2}, will={"initErrors": [f"no {name}", "more"]}) for name in ("c", "d")
    ]
    found = ask("PENDING-OPS", *left, *broken)
    assert [(risk.what, risk.why, named(risk)) for risk in found] == [
        ("`a`, `b`: left over from a replacement that was not finished; deleted now.", "", ["a", "b"]),
        ("`c` was made but never finished.", "no c", ["c"]),
        ("`d` was made but never finished.", "no d", ["d"]),
    ]


def test_what_was_marked_by_hand_is_told_together() -> None:
    steps = [replace("vm", name, was={"taint": True}) for name in ("a", "b")]
    assert (
        says("TAINTED", *steps, replace("vm", "c", will={"taint": True}))
        == "`a`, `b` was marked by hand to be replaced."
    )


@pytest.mark.parametrize(
    ("run", "sentences"),
    [
        (Run(), []),
        (Run(failed=True, error="x"), []),
        (
            Run(partial=("--target a", "--exclude b")),
            ["only a part of the stack was previewed: `--target a`, `--exclude b`."],
        ),
        (Run(cut_off=True), ["the event log ends too early; what would follow is not in this report."]),
        (Run(damaged=2), ["2 line(s) of the event log could not be read; what they say is not in this report."]),
    ],
)
def test_a_preview_of_a_part(run: Run, sentences: list[str]) -> None:
    assert told("PARTIAL-PREVIEW", ChangeModel(run=run)) == sentences


def test_a_log_of_which_nothing_could_be_read_is_never_fine() -> None:
    model = from_lines([*log.lines(), '{"resourcePreEvent":{"metadata":{"op":"delete","urn":7}}}'])
    assert model.resources == ()
    (risk,) = assess(model, Surroundings(environment="prod"))
    assert (risk.rule, risk.severity) == ("PARTIAL-PREVIEW", Severity.ACK)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change(path="a", kind="delete", before=1), "stack output `a` is removed."),
        (Change(path="a", kind="update", before=1, after="x"), "stack output `a` changes its type."),
        (Change(path="a", kind="update", before={"b": 1}, after=[1]), "stack output `a` changes its type."),
        (Change(path="a", kind="update", before=True, after=1), "stack output `a` changes its type."),
        (Change(path="a", kind="update", before=1, after=1.5), None),
        (Change(path="a", kind="update", before="x", after="y"), None),
        (Change(path="a", kind="update", before=1, after="«computed»"), None),
        (Change(path="a", kind="update", before="«secret»", after=3), None),
        (Change(path="a", kind="update", before=None, after=3), None),
        (Change(path="a", kind="add", after=3), None),
    ],
)
def test_an_output_that_others_may_read(change: Change, sentence: str | None) -> None:
    model = ChangeModel(outputs=(change,))
    assert told("CROSS-STACK-OUTPUT", model) == ([sentence] if sentence else [])
    assert told("CROSS-STACK-OUTPUT", model.model_copy(update={"run": Run(failed=True)})) == []


@pytest.mark.parametrize("path", ["cluster", "cluster.host", 'cluster["a.b"]', "cluster[0]"])
def test_who_reads_an_output_is_told_of_every_part_of_it(path: str) -> None:
    model = ChangeModel(outputs=(Change(path=path, kind="delete", before=1),))
    readers = {"cluster": ("shop-services", "metrics"), "other": ("nobody",)}
    assert told("CROSS-STACK-OUTPUT", model, consumers=readers)[0].endswith("; read by shop-services, metrics.")


@pytest.mark.parametrize(
    ("steps", "freeze", "sentence"),
    [
        (update("vm", "a", {"x": 1}, {"x": 2}), "until Friday", "frozen: until Friday"),
        (update("vm", "a", {"x": 1}, {"x": 2}), "", ""),
        (same("vm", "a"), "until Friday", ""),
    ],
)
def test_a_freeze_stops_changes(steps: Steps, freeze: str, sentence: str) -> None:
    assert says("FREEZE", steps, freeze=freeze) == sentence


LETTERS = {"L": Severity.NOTE, "M": Severity.WARN, "H": Severity.ACK, "B": Severity.BLOCK}
EXPECTED = """
HBB SWARM-QUORUM-LOST SWARM-LAST-MANAGER SWARM-IDENTITY-LOST VM-FLEET-REPLACED STATEFUL-NODE-REPLACED
HBB DISK-DESTROYED DISK-SHRINK VIRTUALDISK-DATASTORE VOLUME-REPLACED NETWORK-REPLACED SECRET-DECLASSIFIED MASS-DELETE
MHH SWARM-MANAGER-REPLACED SWARM-ADVERTISE-ADDR VM-REPLACED VM-CLOUDINIT-RUNNING VM-PERPETUAL-DIFF DATASTORE-MOVE
MHH NIC-CHANGED CONTAINER-HIDDEN-REPLACE IMAGE-TAG-MOVED SERVICE-RECREATED SERVICE-CAPACITY SECRET-IN-PLAIN
MHH ENCRYPTION-CHANGED PROTECT-REMOVED RETAIN-REMOVED PROVIDER-CHANGED DOCKER-PROVIDER-HOST-UNKNOWN
MHH RENAME-NOT-ALIASED PENDING-OPS TAINTED PARTIAL-PREVIEW CROSS-STACK-OUTPUT
LMM SWARM-EVEN-MANAGERS HWVERSION-UP SNAPSHOT-OLD HOST-MOVE TEMPLATE-EOL CONTAINER-RECREATED IMAGE-DOWNGRADE
LMM IMAGE-MAJOR-JUMP SERVICE-NO-ROLLBACK PORT-PUBLIC SECRET-ROTATED CERT-EXPIRY PROVIDER-UPGRADED UNKNOWN-IN-CRITICAL
MMH VM-REBOOT
MHB VM-REBOOT-FLEET
LHH ANTIAFFINITY-REMOVED
LMH IMAGE-UNPINNED
LMB IMAGE-NOT-FROM-RELEASE
LLL VM-HOTPLUG-OK
HHH PORT-CONFLICT MAYBE-CORRUPT
BBB FREEZE
"""
BY_RULE = {rule: line.split()[0] for line in EXPECTED.strip().splitlines() for rule in line.split()[1:]}
KINDS = ("dev", "staging", "prod")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_how_grave_a_rule_is_in_each_environment(rule: str) -> None:
    assert [severity(rule, kind) for kind in KINDS] == [LETTERS[letter] for letter in BY_RULE[rule]]


@pytest.mark.parametrize("case", [each for each in fixtures.cases() if each.says], ids=lambda case: str(case.rule))
def test_a_risk_has_its_rule_s_class_or_one_above(case: fixtures.Case) -> None:
    for kind, letter in zip(KINDS, BY_RULE[case.rule], strict=True):
        around = {**case.body.get("around", {}), "environment": kind}
        found = [risk for risk in fixtures.risks({**case.body, "around": around}) if risk.rule == case.rule]
        assert found
        assert all(0 <= risk.severity - LETTERS[letter] <= 1 for risk in found)


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ("dev", "dev"), ("lab", "dev"), ("test", "dev"), ("local", "dev"), ("sandbox", "dev"),
        ("staging", "staging"), ("stage", "staging"), ("qa", "staging"), ("preprod", "staging"), ("uat", "staging"),
        ("prod", "prod"), ("production", "prod"), ("emea-3", "prod"), ("", "prod"), ("DEV", "prod"),
    ],
)  # fmt: skip
def test_which_environments_are_of_which_kind(environment: str, kind: str) -> None:
    assert severity("VM-REBOOT-FLEET", environment) is severity("VM-REBOOT-FLEET", kind)


def test_risks_come_the_gravest_first_and_in_a_stable_order() -> None:
    groups = [
        delete("volume", "b"),
        delete("volume", "a"),
        update("vm", "w1", {"hostSystemId": 1}, {"hostSystemId": 2}),
    ]
    for order in (groups, groups[::-1]):
        found = assess(from_lines(log.lines(*order)), Surroundings(environment="prod"))
        assert [(risk.rule, named(risk)) for risk in found] == [
            ("VOLUME-REPLACED", ["a"]),
            ("VOLUME-REPLACED", ["b"]),
            ("HOST-MOVE", ["w1"]),
        ]


def test_the_environment_is_the_stack_s_name_unless_it_is_given() -> None:
    lines = "\n".join(log.lines(delete("volume", "a"))).replace("urn:pulumi:prod::", "urn:pulumi:dev::").split("\n")
    (risk,) = assess(from_lines(lines))
    assert risk.severity is Severity.ACK


def test_a_risk_about_the_whole_run_is_identified_by_what_it_says() -> None:
    one, other = (ask("ENCRYPTION-CHANGED", encryption_changed=keys)[0].id for keys in (("a",), ("b",)))
    assert one.startswith("ENCRYPTION-CHANGED-")
    assert one != other
