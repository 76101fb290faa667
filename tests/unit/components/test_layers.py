"""Two layers: what each registers, what the platform promises, and what the services make of it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.cluster import DockerCluster
from components.layers import build as build_layers
from spec.contract import received, sealed
from spec.errors import SpecError
from tests.conftest import Golden
from tests.recorder import Recording, build, is_secret
from tests.specs import services, stack
from tests.unit.spec.test_contract import PROMISE

NOTHING: dict[str, Any] = {"networks": {}, "configs": {}, "secrets": {}, "services": {}}


def platform(changes: dict[str, Any] | None = None) -> tuple[Recording, dict[str, Any]]:
    """Return what a platform registers, and its exports."""
    spec = stack({"layer": "platform", **NOTHING, **(changes or {})})
    known: dict[str, Any] = {}

    def program() -> None:
        made = build_layers(spec, Path("/project"))
        assert isinstance(made, DockerCluster)
        pulumi.Output.from_input(made.exports).apply(known.update)

    return build(program), known


def on(
    contract: Any, changes: dict[str, Any] | None = None, preview: bool = False, platform: str = "dev-platform"
) -> Recording:
    """Return what a services stack registers on a platform that gave out `contract`."""
    spec = services(changes).model_copy(update={"platform": platform})
    outputs = {} if contract is None else {"contract": contract}
    whole = platform if "/" in platform else f"organization/longshore/{platform}"
    return build(lambda: build_layers(spec, Path("/project")), preview, {whole: outputs})


def test_the_platform_makes_machines_and_a_swarm_and_no_docker_provider(golden: Golden) -> None:
    golden.check("platform-tree.txt", platform()[0].tree())


def test_the_services_make_what_runs_and_nothing_else(golden: Golden) -> None:
    golden.check("services-tree.txt", on(sealed(PROMISE)).tree())


def test_a_preview_of_the_services_registers_the_same_tree(golden: Golden) -> None:
    golden.check("services-tree.txt", on(sealed(PROMISE), preview=True).tree())


def test_a_platforms_machines_have_the_names_they_have_in_a_whole_stack() -> None:
    whole = build(lambda: DockerCluster("shop", stack(), Path("/project")))
    assert set(platform()[0].urns) <= set(whole.urns)


def test_the_promise_is_one_that_services_accept() -> None:
    _, exports = platform({"cluster.pools.workers.labels": {"tier": "front"}})
    got = received(exports["contract"], "dev-platform")
    assert (got.cluster, got.swarm_id) == ("shop", "swarm-1")
    assert [each.name for each in got.managers] == ["shop-managers-1", "shop-managers-2", "shop-managers-3"]
    assert got.nodes["shop-workers-2"].address == "10.20.0.22"
    assert got.nodes["shop-workers-2"].labels == {"pool": "workers", "tier": "front"}
    assert got.engine.log_driver == "json-file"
    assert str(got.addresses.nodes) == "10.20.0.0/24"


def test_the_promise_depends_on_no_checkout_and_no_secret() -> None:
    _, exports = platform({"engine.ssh.key_file": "keys/id"})
    text = json.dumps(exports["contract"])
    assert "/project" not in text
    assert "canary" not in text
    assert exports["contract"]["key_file"] == "keys/id"
    assert not is_secret(exports["contract"])


def test_a_whole_stack_promises_nothing() -> None:
    made: list[DockerCluster] = []
    build(lambda: made.append(DockerCluster("shop", stack(), Path("/project"))))
    assert set(made[0].exports) == {"cluster"}


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"cluster.pools.workers.count": 3}, True),
        ({"cluster.pools.workers.labels": {"a": "b"}}, True),
        ({"engine.ssh.port": 2222}, True),
        ({"cluster.pools.workers.memory": "16 GiB"}, False),
        ({"target.template": "other"}, False),
    ],
)
def test_the_hash_changes_with_what_services_can_see(change: dict[str, Any], differs: bool) -> None:
    before, after = (platform(each)[1]["contract"]["hash"] for each in ({}, change))
    assert (before != after) is differs


def test_the_provider_is_known_in_a_preview_and_waits_for_the_check() -> None:
    recording = on(sealed(PROMISE), preview=True)
    assert recording.inputs["docker"]["host"] == "ssh://root@10.20.0.11:22"
    options = recording.inputs["docker"]["sshOpts"]
    assert "/project/keys/id" in (json.loads(options) if isinstance(options, str) else options)
    for name in ("docker", "network-backend", "web", "site", "cache-password"):
        assert [urn for urn in recording.requests[name].dependencies if urn.endswith("::contract")], name


def test_the_check_is_asked_of_every_manager_with_this_checkouts_key() -> None:
    asked = on(sealed(PROMISE)).inputs["contract"]
    assert [each["keyFile"] for each in asked["managers"]] == ["/project/keys/id"]
    assert asked["swarmId"] == "swarm-1"
    assert asked["contentHash"] == sealed(PROMISE)["hash"]
    agent = on(sealed({**PROMISE, "key_file": None})).inputs["contract"]
    assert "keyFile" not in agent["managers"][0]


def test_services_go_with_their_stack_although_the_swarm_stays() -> None:
    recording = on(sealed(PROMISE))
    stored = ("swarm:index:Secret", "swarm:index:Config", "swarm:index:Shelf")
    own = {name for name, token in recording.types.items() if token.startswith("docker:") or token in stored}
    assert own == {"network-backend", "shelf", "site", "cache-password", "web"}
    assert not any(recording.requests[name].deletedWith for name in own)


@pytest.mark.parametrize("name", ["dev-platform", "acme/other/x"])
def test_the_platform_is_looked_up_by_its_whole_name(name: str) -> None:
    assert on(sealed(PROMISE), platform=name).of_type("swarm:index:Contract") == ["contract"]


def test_a_platform_that_is_not_there_says_how_to_make_it() -> None:
    with pytest.raises(SpecError, match="platform dev-platform: ") as caught:
        build(lambda: build_layers(services(), Path("/project")))
    assert "longshore up -s dev-platform" in caught.value.fix


def tampered() -> dict[str, Any]:
    value = copy.deepcopy(sealed(PROMISE))
    value["swarm_id"] = "other"
    return value


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        (None, "there is none"),
        ({**sealed(PROMISE), "version": 2}, "it has version 2"),
        (tampered(), "doesn't fit its hash"),
        (sealed({**PROMISE, "managers": []}), "it is broken: managers"),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_what_is_wrong_with_a_contract_ends_the_program_before_anything_is_made(
    contract: Any, said: str, preview: bool
) -> None:
    with pytest.raises(SpecError, match=said):
        on(contract, preview=preview)


@pytest.mark.parametrize("subnet", ["10.20.0.128/25", "10.200.7.0/24", "10.0.0.0/8"])
def test_a_network_in_a_range_of_the_platform_is_refused(subnet: str) -> None:
    with pytest.raises(SpecError, match=r"networks\.backend\.subnet"):
        on(sealed(PROMISE), {"networks.backend.subnet": subnet})


def test_status_finds_the_cluster_through_the_services_stack() -> None:
    made: list[Any] = []
    stacks = {"organization/longshore/dev-platform": {"contract": sealed(PROMISE)}}
    build(lambda: made.append(build_layers(services(), Path("/project"))), stacks=stacks)
    cluster = made[0].exports["cluster"]
    assert cluster["nodes"] == {"m1": {"address": "10.20.0.11", "role": "manager"}}
    assert cluster["services"] == {"web": [80]}
    assert cluster["managers"][0]["hostKey"] == PROMISE["managers"][0]["hostKey"]
