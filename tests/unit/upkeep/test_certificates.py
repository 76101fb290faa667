"""When certificates end, and tokens that become worthless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import trustme

from providers.swarm.connection import connection_from
from providers.swarm.ssh import Ran
from spec.errors import EngineError, SwarmError
from tests.unit.upkeep.phoenix import Phoenix, formed
from upkeep.certificates import Certificate, authority, end_of, of_node, table
from upkeep.reach import swarm_of
from upkeep.tokens import rotate_tokens

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FILE = "/var/lib/docker/swarm/certificates/swarm-node.crt"


def pem(days: int) -> str:
    issued = trustme.CA().issue_cert("node.test", not_after=NOW + timedelta(days=days))
    return issued.cert_chain_pems[0].bytes().decode()


def read(world: Phoenix, ran: Ran, user: str = "root") -> Certificate:
    command = f"cat {FILE}" if user == "root" else f"sudo -n cat {FILE}"
    world["w1"].answers = {command: [ran]}
    return of_node("w1", connection_from(world["w1"].connection | {"user": user}), world)


@pytest.mark.parametrize("user", ["root", "ops"])
def test_a_nodes_own_certificate_is_read_there(user: str) -> None:
    world, _ = formed()
    found = read(world, Ran(0, pem(30)), user)
    assert found == Certificate("w1", NOW + timedelta(days=30))


def test_a_node_that_cannot_be_asked_is_told_so() -> None:
    world, _ = formed()
    assert read(world, Ran(1, "")).trouble == f"{FILE} can't be read"
    assert read(world, Ran(0, "no certificate")).trouble == "is not one in PEM form"
    world["w1"].on = False
    found = of_node("w1", connection_from(world["w1"].connection), world)
    assert (found.ends, found.trouble) == (None, "ssh: No route to host")


def test_the_swarms_authority_is_known_to_its_managers() -> None:
    world, _ = formed()
    world.trust_root = pem(700)
    with swarm_of(world.outputs(), world.call) as swarm:
        assert authority(swarm).ends == NOW + timedelta(days=700)


def test_a_text_that_is_no_certificate_is_refused() -> None:
    with pytest.raises(EngineError, match="is not one in PEM form"):
        end_of("")


@pytest.mark.parametrize(("days", "bad"), [(-1, True), (6, True), (8, False), (90, False)])
def test_one_that_ends_soon_needs_care(days: int, bad: bool) -> None:
    assert Certificate("w1", NOW + timedelta(days=days)).bad(NOW) is bad
    assert Certificate("w1", None, "no answer").bad(NOW)


def test_the_first_to_end_comes_first_and_unknown_ones_last() -> None:
    ends = {"w1": 30, "m1": 90, "m2": -1}
    found = [Certificate(owner, NOW + timedelta(days=days)) for owner, days in ends.items()]
    assert table([Certificate("w2", None, "no answer"), *found], NOW) == [
        ("m2", "2026-11-23 00:00", "expired"),
        ("w1", "2026-12-24 00:00", "30 days"),
        ("m1", "2027-02-22 00:00", "90 days"),
        ("w2", "unknown", "no answer"),
    ]


def test_both_tokens_become_new_and_nothing_else_changes() -> None:
    world, swarm = formed()
    before = dict(swarm.spec)
    with swarm_of(world.outputs(), world.call) as control:
        rotate_tokens(control)
    assert world.tokens == {"Worker": 1, "Manager": 1}
    assert swarm.spec == before


def test_a_token_that_stays_is_told_without_showing_it() -> None:
    world, _ = formed()
    world.stubborn = ["Manager"]
    with (
        pytest.raises(SwarmError, match="the token of a manager is still the old one") as kept,
        swarm_of(world.outputs(), world.call) as control,
    ):
        rotate_tokens(control)
    assert "SWMTKN" not in str(kept.value)
