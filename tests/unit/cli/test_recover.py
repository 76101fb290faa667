"""Which machines an interrupted update left half-made, and that nothing else is ever taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from cli import pulumi, recover
from cli.recover import MACHINE, READY, HalfMade, half_made, unsettled
from spec.errors import LongshoreError

INPUTS = {"name": "lab-workers-1", "folder": "longshore-lab"}


def pending(kind: str = "creating", type_: str = MACHINE, inputs: dict[str, str] = INPUTS) -> dict[str, Any]:
    return {"type": kind, "resource": {"urn": "urn:a", "type": type_, "inputs": inputs}}


def test_a_create_that_was_cut_off_is_half_made() -> None:
    assert half_made({"pending_operations": [pending()]}) == [HalfMade("urn:a", "lab-workers-1", "longshore-lab")]


@pytest.mark.parametrize(
    "operation",
    [
        pending(kind="updating"),
        pending(kind="deleting"),
        pending(type_="vsphere:index/folder:Folder"),
        pending(inputs={"name": "x"}),
    ],
)
def test_nothing_else_is(operation: dict[str, Any]) -> None:
    assert half_made({"pending_operations": [operation]}) == []


def test_a_machine_that_the_state_knows_is_never_removed() -> None:
    assert half_made({"pending_operations": [pending()], "resources": [{"urn": "urn:a"}]}) == []


def test_without_agreement_nothing_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda _: False)
    monkeypatch.setattr(pulumi, "config", lambda _: pytest.fail("vCenter was about to be asked"))
    with pytest.raises(LongshoreError, match="half-made"):
        recover.recover("lab", {"pending_operations": [pending()]}, yes=False)


def test_a_clean_state_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "config", lambda _: pytest.fail("vCenter was about to be asked"))
    monkeypatch.setattr(pulumi, "clear_pending", lambda _: pytest.fail("Pulumi was about to be asked"))
    recover.recover("lab", {"resources": []}, yes=True)
    recover.recover("lab", {}, yes=True)


def ready(name: str, *errors: str) -> dict[str, Any]:
    return {"type": READY, "urn": f"urn:{name}", "inputs": {"name": name}, "initErrors": list(errors)}


def test_a_service_is_unsettled_after_a_failed_rollout_only() -> None:
    resources = [ready("web", "Swarm rolled the update back"), ready("worker"), {"type": MACHINE, "initErrors": ["x"]}]
    assert unsettled({"resources": resources}) == ["web"]
    assert unsettled({}) == []
