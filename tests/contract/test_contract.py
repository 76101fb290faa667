"""One contract for every target: the same stack gives the same cluster, whatever its machines are made of."""

from __future__ import annotations

import json
import re
from ipaddress import IPv4Network
from typing import Any

import pytest
from ruamel.yaml import YAML

from components import names
from components.ports import matrix
from components.targets import cloud
from spec.base import GIB
from spec.target import KINDS
from tests.conftest import ROOT, Golden
from tests.contract.guarantees import GUARANTEES, table
from tests.contract.reading import asked, let_through, ranges
from tests.contract.samples import CLOUDS, ZONES, recorded, spec
from tests.recorder import Recording, is_secret

NODES = {"shop-managers-1": "10.20.0.11", "shop-managers-2": "10.20.0.12", "shop-managers-3": "10.20.0.13",
         "shop-workers-1": "10.20.0.21", "shop-workers-2": "10.20.0.22"}  # fmt: skip
DISK = {"cluster.pools.workers.data_disk": "40 GiB"}
EACH = pytest.mark.parametrize("kind", KINDS)


def kept(key: str, kind: str) -> bool:
    return next(each for each in GUARANTEES if each.key == key).kept_by(kind)


def test_every_guarantee_is_a_test_and_the_table_of_the_docs() -> None:
    assert {f"test_{each.key}" for each in GUARANTEES} <= set(globals())
    assert table() in (ROOT / "docs" / "targets.md").read_text(), "paste tests.contract.guarantees.table()"


@EACH
def test_same_swarm(kind: str) -> None:
    """Whatever is no part of the target itself is registered just as on vSphere."""
    own, reference = recorded(kind), recorded("vsphere")
    assert _rest(own, kind) == _rest(reference, "vsphere")
    members = {name.removesuffix("-member"): own.inputs[name] for name in own.of_type("swarm:index:Node")}
    assert {name: each["role"] for name, each in members.items()} == {
        name: "manager" if "managers" in name else "worker" for name in NODES
    }
    assert {name for name in NODES if name in own.inputs} == NODES.keys()


@EACH
def test_same_addresses(kind: str) -> None:
    recording = recorded(kind)
    assert {node: asked(kind, recording, node).address for node in NODES} == NODES
    engines = {name: recording.inputs[f"{name}-engine"]["host"] for name in NODES}
    assert engines == NODES


@EACH
def test_same_user_data(kind: str) -> None:
    """The text is vSphere's, but for how the data disk is found."""
    for node in NODES:
        own = asked(kind, recorded(kind, DISK), node).user_data
        reference = asked("vsphere", recorded("vsphere", DISK), node).user_data
        assert own.startswith("#cloud-config\n")
        assert _without_device(own) == _without_device(reference)
        assert ("data disk" in own) == ("workers" in node)


@EACH
def test_ports_as_in_the_matrix(kind: str) -> None:
    """What is let through, taken as addresses, is the matrix: no row less, and no row more."""
    if not kept("ports_as_in_the_matrix", kind):
        assert not [name for name, each in recorded(kind).types.items() if re.search("firewall|secur", each.lower())]
        return
    access = {"operators": ["192.0.2.0/24"], "clients": ["198.51.100.0/24"]}
    changes = {"networks.backend.encrypted": True, "access": access}
    roles = {"managers": tuple(_networks(spec(kind), "manager")), "workers": tuple(_networks(spec(kind), "worker"))}
    found: dict[tuple[str, str, str, int | None], set[str]] = {}
    for group, direction, protocol, port, peer in let_through(kind, recorded(kind, changes)):
        found.setdefault((group, direction, protocol, port), set()).add(peer)
    assert {key: _hosts(ranges(peers, roles)) for key, peers in found.items()} == _wanted(kind, changes)


@EACH
def test_sizes_fit(kind: str) -> None:
    """What the pool asks for is what it gets, or the next larger; a size that is named is taken."""
    expected: dict[str, Any] = {
        "vsphere": ((2, 4096), (4, 8192)),
        "openstack": ("flavor-1", "flavor-1"),
        "aws": ("c7i.large", "c7i.xlarge"),
        "gcp": ("n2-custom-2-4096", "n2-custom-4-8192"),
        "azure": ("Standard_F2s_v2", "Standard_F4s_v2"),
    }
    recording = recorded(kind)
    assert tuple(asked(kind, recording, f"shop-{pool}-1").size for pool in ("managers", "workers")) == expected[kind]
    if kind == "openstack":
        asks = [each for name, each in recording.lookups if name == "getFlavor"]
        assert {"vcpus": 2, "ram": 4096} in asks
    if kind in ("aws", "gcp", "azure"):
        assert asked(kind, recorded(kind, sizes={"workers": "huge"}), "shop-workers-2").size == "huge"


@EACH
def test_data_disks_outlive_machines(kind: str) -> None:
    recording = recorded(kind, DISK)
    for node in ("shop-workers-1", "shop-workers-2"):
        disk, request = recording.inputs[f"{node}-data"], recording.requests[f"{node}-data"]
        assert disk.get("size", disk.get("diskSizeGB")) == 40
        assert (request.protect, request.retainOnDelete) == (True, True)
        assert any(urn.endswith(f"::{node}-data") for urn in _upstream(recording, node, f"{node}-data-attached"))
    assert "shop-managers-1-data" not in recording.inputs
    unprotected = {"cluster.pools.workers.data_disk": {"size": "40 GiB", "protect": False}}
    request = recorded(kind, unprotected).requests["shop-workers-1-data"]
    assert (request.protect, request.retainOnDelete) == (False, True)


@EACH
def test_apart(kind: str) -> None:
    recording = recorded(kind)
    managers = {asked(kind, recording, node).apart for node in NODES if "managers" in node}
    assert len(managers) == 1
    assert None not in managers
    assert {asked(kind, recording, node).apart for node in NODES if "workers" in node} == {None}
    together = recorded(kind, {"cluster.pools.managers.anti_affinity": "none"})
    assert {asked(kind, together, node).apart for node in NODES} == {None}


@EACH
def test_zones_in_turn(kind: str) -> None:
    pools: dict[str, Any] = {"cluster.pools.managers.zones": ["a", "b"], "cluster.pools.managers.first_address": None}
    pools |= {"cluster.pools.managers.addresses": ["10.20.0.11", "10.20.0.20", "10.20.0.12"]}
    pools |= {"cluster.pools.workers.zones": ["b"]} | DISK
    recording = recorded(kind, pools, zones=ZONES[kind])
    found = [asked(kind, recording, node).zone for node in NODES]
    assert found[0] == found[2] != found[1] == found[3] == found[4]
    labels = [recording.inputs[f"{node}-member"]["labels"]["zone"] for node in NODES]
    assert labels == ["a", "b", "a", "b", "b"]


@EACH
def test_one_at_a_time(kind: str) -> None:
    """A machine goes before its successor comes, because of its generation and never because of its image or text."""
    request = recorded(kind, {"cluster.pools.workers.generations": {2: 7}}).requests
    for node, generation in (("shop-workers-1", 1), ("shop-workers-2", 7)):
        assert request[node].deleteBeforeReplace
        assert request[node].replacement_trigger.number_value == generation
        ignored = " ".join(request[node].ignoreChanges).lower()
        assert re.search("clone|image|ami|bootdisk", ignored)
        assert re.search("extraconfig|user-?data|osprofile", ignored)


@EACH
def test_no_public_address(kind: str) -> None:
    assert not any(asked(kind, recorded(kind), node).public for node in NODES)
    if kind == "vsphere":
        return
    recording = recorded(kind, public=["workers"])
    assert [node for node in NODES if asked(kind, recording, node).public] == ["shop-workers-1", "shop-workers-2"]
    engine = recording.inputs["shop-workers-1-engine"]
    assert (engine["host"], engine["address"]) == ("198.51.100.7", "10.20.0.21")
    assert "address" not in recording.inputs["shop-managers-1-engine"]


@EACH
def test_spot_for_workers(kind: str) -> None:
    assert not any(asked(kind, recorded(kind), node).spot for node in NODES)
    if kept("spot_for_workers", kind):
        recording = recorded(kind, spot=["workers"])
        assert [node for node in NODES if asked(kind, recording, node).spot] == ["shop-workers-1", "shop-workers-2"]
    else:
        assert "spot" not in type(spec(kind).target).model_fields


@EACH
def test_secure_boot(kind: str) -> None:
    vm = recorded(kind).inputs["shop-workers-1"]
    found = {
        "aws": vm.get("metadataOptions", {}).get("httpTokens") == "required",
        "gcp": vm.get("shieldedInstanceConfig", {}).get("enableSecureBoot") is True and "serviceAccount" not in vm,
        "azure": vm.get("securityProfile", {}).get("uefiSettings", {}).get("secureBootEnabled") is True,
        "vsphere": vm.get("firmware") == "efi",
        "openstack": False,
    }
    assert found[kind] == kept("secure_boot", kind)
    assert kind != "aws" or vm["metadataOptions"]["httpPutResponseHopLimit"] == 1


@EACH
def test_load_balancer(kind: str) -> None:
    """It is asked for, or isn't there; it passes the published ports on, to the nodes that take them, and is let in."""
    assert not [name for name in recorded(kind).inputs if "ingress-80" in name or name == "shop-ingress"]
    if not kept("load_balancer", kind):
        assert "load_balancer" not in type(spec(kind).target).model_fields
        return
    inside, outside = recorded(kind, load_balancer="internal"), recorded(kind, load_balancer="public")
    assert "shop-ingress" in inside.inputs
    assert "198.51.100.7" not in json.dumps(inside.inputs["shop-ingress"])
    assert len(outside.inputs) >= len(inside.inputs)
    behind = {name for name, each in inside.inputs.items() if "ingress" in json.dumps(each) or "ingress" in name}
    told = json.dumps({name: inside.inputs[name] for name in behind})
    assert "shop-workers-2" in told + "".join(behind)
    more = let_through(kind, inside) - let_through(kind, recorded(kind))
    assert {row[:4] for row in more} == {("workers", "ingress", "tcp", 80)}


@EACH
def test_tags(kind: str) -> None:
    if kind == "vsphere":
        recording = recorded(kind, tags={"team": ["shop"]})
        assert recording.inputs["shop-workers-1"]["tags"] == ["tag-1"]
        return
    found = asked(kind, recorded(kind, tags={"team": "shop", "longshore-pool": "other"}), "shop-workers-1").tags
    expected = {"team": "shop", "longshore-cluster": "shop", "longshore-pool": "workers", "longshore-role": "worker"}
    assert expected.items() <= found.items()


@EACH
def test_credentials_stay_secret(kind: str) -> None:
    """They go to the provider alone, sealed."""
    recording = recorded(kind)
    providers = [name for name, each in recording.types.items() if each.startswith("pulumi:providers:")]
    [provider] = [name for name in providers if "docker" not in name]
    secrets = {key: each for key, each in recording.inputs[provider].items() if "canary" in json.dumps(each)}
    assert secrets
    assert all(is_secret(each) for each in secrets.values())
    others = {name: each for name, each in recording.inputs.items() if name not in (provider, "cache-password")}
    assert "canary" not in json.dumps(others)


@EACH
def test_the_resource_tree_is_the_golden_one(kind: str, golden: Golden) -> None:
    options = {} if kind == "vsphere" else {"load_balancer": "internal"}
    golden.check(f"target-{kind}.txt", recorded(kind, DISK, **options).tree())


def _rest(recording: Recording, kind: str) -> dict[str, Any]:
    """Return the inputs of all resources that aren't the target's own; a machine's identity is."""
    own = re.compile({"azure": "azure-native"}.get(kind, kind) + ":|pulumi:providers:" + kind)
    rest = {name: dict(each) for name, each in recording.inputs.items() if not own.match(recording.types[name])}
    for each in rest.values():
        each.pop("machine", None)
    return rest


def _without_device(text: str) -> Any:
    content = YAML(typ="safe").load(text)
    for command in content.get("bootcmd", []):
        command[2] = re.sub(r"disk=\$\(ls .* 2>/dev/null", "disk=$(ls DEVICE 2>/dev/null", command[2])
        command[2] = re.sub(r"no data disk at [^\"]*", "no data disk", re.sub(r"seq \d+", "seq", command[2]))
    return content


def _networks(made: Any, role: str) -> list[IPv4Network]:
    return [IPv4Network(str(node.address)) for node in names.nodes(made.cluster) if node.pool.role == role]


def _hosts(networks: Any) -> set[Any]:
    """Return small networks as their addresses, and large ones as they are, so that any grouping compares equal."""
    return {each for net in networks for each in (map(IPv4Network, net) if net.prefixlen > 28 else [net])}


def _wanted(kind: str, changes: dict[str, Any]) -> dict[tuple[str, str, str, int | None], set[Any]]:
    made = spec(kind, changes)
    roles = {"managers": ("managers",), "workers": ("workers",), "nodes": ("managers", "workers")}
    wanted: dict[tuple[str, str, str, int | None], set[Any]] = {}
    for flow in matrix(made):
        for direction, one, other in (("ingress", flow.target, flow.source), ("egress", flow.source, flow.target)):
            for role in roles.get(one.name, ()):
                key = (role, direction, flow.protocol, flow.port)
                wanted.setdefault(key, set()).update(_hosts(other.networks))
    return wanted


def _upstream(recording: Recording, *resources: str) -> set[str]:
    """Return the URNs that `resources`, where they exist, come after."""
    return {urn for name in resources if name in recording.requests for urn in recording.requests[name].dependencies}


def test_the_sample_is_the_one_that_the_table_is_about() -> None:
    assert {node.name: str(node.address) for node in names.nodes(spec("aws").cluster)} == NODES
    assert spec("aws", DISK).cluster.pools["workers"].own_disk.size == 40 * GIB  # type: ignore[union-attr]
    assert CLOUDS == ("openstack", "aws", "gcp", "azure")
    assert cloud.GROUPS == ("managers", "workers")
