"""Every other resource, and what could not be asked at all."""

from __future__ import annotations

import pytest

from drift.finding import Harm
from drift.others import brief, other_drift, unanswered
from drift.refreshed import Refresh
from tests.unit.drift.made import resource, urn

DOCKER = (
    "sdk-v2/provider2.go:572: sdk.helper_schema: failed to create Docker client: Error pinging Docker server, please "
    "make sure that ssh://root@10.20.0.11:22 is reachable: " + "x" * 300 + " stderr=ssh: connect to host 10.20.0.11 "
    "port 22: No route to host\n: provider=docker@4.6.0"
)


def test_a_network_that_was_removed_or_changed_harms() -> None:
    gone = resource("network", "net-a", gone=True)
    changed = resource("network", "net-b", {"a": 1}, {"a": 2}, paths=("ipamConfigs[0].subnet",))
    first, second = other_drift([gone, changed, resource("network", "net-c")])
    assert (first.kind, first.subject, first.harm) == ("resource-gone", "net-a", Harm.HARMFUL)
    assert "the Network is no longer there" in first.what
    assert (second.kind, second.subject) == ("resource-changed", "net-b")
    assert "ipamConfigs[0].subnet" in second.what


def test_the_stack_and_its_providers_are_no_subject() -> None:
    assert list(other_drift([resource("stack", "longshore-dev", paths=("cluster",))])) == []


def test_outputs_that_the_provider_does_not_mind_are_no_finding() -> None:
    assert list(other_drift([resource("network", "net", {"ipamOptions": None}, {"ipamOptions": {}})])) == []


def test_values_are_never_shown() -> None:
    changed = resource("secret", "pw", {"data": "hunter2"}, {"data": "hunter3"}, paths=("data",))
    assert "hunter" not in str(list(other_drift([changed])))


def test_all_that_could_not_be_asked_is_one_finding_with_the_first_reason() -> None:
    refresh = Refresh(unanswered={urn("service", "web"): DOCKER, urn("network", "net"): DOCKER})
    [finding] = unanswered(refresh)
    assert (finding.kind, finding.harm, finding.subject) == ("not-asked", Harm.HARMFUL, "net, web")
    assert finding.what.startswith("2 resources could not be asked: ")
    assert finding.what.endswith("No route to host")
    assert len(finding.what) < 300


def test_an_error_of_the_whole_refresh_is_told_when_there_is_no_nearer_one() -> None:
    [finding] = unanswered(Refresh(errors=["error: the stack is locked"]))
    assert "the stack is locked" in finding.what
    assert list(unanswered(Refresh())) == []


@pytest.mark.parametrize(
    ("reason", "short"),
    [
        ("", ""),
        ("\n \n", ""),
        ("plain", "plain"),
        ("first\nan Error here\nlast", "an Error here"),
        ("x" * 500 + " end", "…" + "x" * 196 + " end"),
    ],
)
def test_a_complaint_is_cut_to_its_cause(reason: str, short: str) -> None:
    assert brief(reason) == short
