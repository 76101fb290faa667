"""The plugin as the Pulumi engine meets it: over gRPC, with sentences instead of tracebacks."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from providers.swarm.clock import StoppedError
from providers.swarm.handler import PartialError, State
from providers.swarm.properties import UNKNOWN, Bag, bag, wrapped
from providers.swarm.provider import SwarmProvider
from providers.swarm.servicer import PlainServicer, details, sentence
from spec.errors import SwarmError
from tests.unit.providers.world import World

PLUGIN = Path(__file__).parents[3] / "providers" / "swarm" / "pulumi-resource-swarm"
URN = "urn:pulumi:dev::shop::longshore:index:DockerCluster${}::it"
Stub = provider_pb2_grpc.ResourceProviderStub


def urn(kind: str) -> str:
    return URN.format(f"swarm:index:{kind}")


def struct(values: Bag) -> Any:
    return PropertyValue.marshal_map(wrapped(values))


def plain(properties: Any) -> Bag:
    return bag(PropertyValue.unmarshal_map(properties))


def ask(world: World, question: Callable[[Stub], Awaitable[Any]]) -> Any:
    """Ask the provider over a real connection."""

    async def asked() -> Any:
        server = grpc.aio.server()
        provider = SwarmProvider(world, world.clock, lambda _: world.listener)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(PlainServicer([], "0", provider, ""), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            try:
                return await question(Stub(channel))
            finally:
                await server.stop(0)

    # Not asyncio.run: that takes the current loop away, which Pulumi's own test helpers rely on.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asked())
    finally:
        loop.close()


def node(world: World, name: str, role: str) -> Bag:
    return {
        "name": name,
        "role": role,
        "labels": {},
        "availability": "active",
        "drainSeconds": 60,
        "connection": world[name].connection,
        "managers": [world["m1"].connection],
        "clusterId": "swarm-0",
    }


def failure(world: World, question: Callable[[Stub], Awaitable[Any]]) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        ask(world, question)
    return str(caught.value.details())


def test_a_resource_is_created_over_the_wire() -> None:
    world = World("m1")
    asked = {"name": "shop", "managers": [world["m1"].connection]}
    request = provider_pb2.CreateRequest(urn=urn("Cluster"), properties=struct(asked))
    answer = ask(world, lambda stub: stub.Create(request))
    assert answer.id == "swarm-1"
    assert plain(answer.properties) == asked | {"swarmId": "swarm-1"}


def test_a_preview_contacts_nobody_and_marks_what_it_cannot_know() -> None:
    asked = {"name": "shop", "managers": [UNKNOWN]}
    request = provider_pb2.CreateRequest(urn=urn("Cluster"), properties=struct(asked), preview=True)
    answer = ask(World(), lambda stub: stub.Create(request))
    assert answer.properties["swarmId"] == rpc.UNKNOWN
    assert plain(answer.properties)["managers"] == [UNKNOWN]


def test_what_is_wrong_comes_out_as_check_failures() -> None:
    request = provider_pb2.CheckRequest(urn=urn("Engine"), news=struct({"name": "m1", "host": "h", "port": 0}))
    answer = ask(World(), lambda stub: stub.Check(request))
    assert [(each.property, each.reason) for each in answer.failures] == [
        ("port", "must be a whole number from 1 to 65535, not 0")
    ]


def test_differences_have_a_path_each() -> None:
    world = World("m1", "w1")
    old, new = node(world, "w1", "worker"), node(world, "w1", "manager") | {"labels": {"a": "1"}}
    request = provider_pb2.DiffRequest(id="n", urn=urn("Node"), olds=struct(old), news=struct(new))
    answer = ask(world, lambda stub: stub.Diff(request))
    assert sorted(answer.detailedDiff) == ["labels.a", "role"]
    assert not answer.replaces


def test_an_expected_failure_is_its_own_sentence() -> None:
    world = World("m1")
    world.formed(m1="manager")
    gone = node(world, "m1", "manager")
    request = provider_pb2.DeleteRequest(id=world["m1"].node_id, urn=urn("Node"), properties=struct(gone))
    said = failure(world, lambda stub: stub.Delete(request))
    assert said.startswith("m1: m1 is the last manager")
    assert "Traceback" not in said
    assert ".py" not in said


def test_a_bug_says_where_it_is_without_a_traceback() -> None:
    request = provider_pb2.CreateRequest(urn=urn("Cluster"), properties=struct({"name": "shop"}))
    said = failure(World(), lambda stub: stub.Create(request))
    assert said.startswith("swarm provider: KeyError: 'managers' (cluster.py:")
    assert said.count("\n") == 1


def test_an_unknown_resource_type_is_named() -> None:
    request = provider_pb2.CheckRequest(urn=urn("Volume"), news=struct({}))
    assert "swarm:index:Volume: the swarm provider has no such resource" in failure(World(), lambda s: s.Check(request))


def test_a_deletion_goes_by_the_latest_inputs() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager", w1="worker")
    stale = node(world, "w1", "worker") | {"managers": [world["m1"].connection | {"host": "10.9.9.9"}]}
    request = provider_pb2.DeleteRequest(
        id=world["w1"].node_id,
        urn=urn("Node"),
        properties=struct(stale),
        old_inputs=struct(node(world, "w1", "worker")),
    )
    ask(world, lambda stub: stub.Delete(request))
    assert world.removed == ["w1"]


def test_a_resource_that_is_gone_has_no_id() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager")
    asked = struct(node(world, "w1", "worker"))
    request = provider_pb2.ReadRequest(id="node-9", urn=urn("Node"), properties=asked, inputs=asked)
    assert ask(world, lambda stub: stub.Read(request)).id == ""


def test_cancelling_stops_the_clock() -> None:
    world = World()
    ask(world, lambda stub: stub.Cancel(empty_pb2.Empty()))
    with pytest.raises(StoppedError):
        world.clock.pause(0)


def test_a_half_made_resource_is_handed_over_with_its_failure() -> None:
    reason = PartialError(SwarmError("w1", "not ready"), State("node-1", {"nodeId": "node-1"}))
    status = status_pb2.Status.FromString(dict(details(reason))["grpc-status-details-bin"])
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(failed)
    assert (failed.id, list(failed.reasons)) == ("node-1", ["w1: not ready"])
    assert sentence(reason) == "w1: not ready"


def test_the_schema_names_every_resource() -> None:
    answer = ask(World(), lambda stub: stub.GetSchema(provider_pb2.GetSchemaRequest()))
    resources = json.loads(answer.schema)["resources"]
    kinds = ("Cluster", "Config", "Contract", "Engine", "GeneratedSecret", "Node", "Roster", "Secret", "ServiceReady")
    assert sorted(resources) == sorted(f"swarm:index:{kind}" for kind in (*kinds, "Shelf"))
    for resource in resources.values():
        assert set(resource["requiredInputs"]) <= set(resource["inputProperties"])
        assert set(resource["required"]) <= set(resource["properties"])


def test_the_plugin_starts_from_anywhere_and_stops_when_told(tmp_path: Path) -> None:
    with subprocess.Popen([PLUGIN, "--logtostderr", "127.0.0.1:1"], cwd=tmp_path, stdout=subprocess.PIPE) as plugin:
        assert plugin.stdout
        assert int(plugin.stdout.readline()) > 0
        plugin.send_signal(signal.SIGTERM)
        assert plugin.wait(10) == 0


def test_the_plugin_ends_when_the_engine_is_killed() -> None:
    with subprocess.Popen(["sh", "-c", f"{PLUGIN} 127.0.0.1:1 & wait"], stdout=subprocess.PIPE) as engine:
        assert engine.stdout
        assert int(engine.stdout.readline()) > 0
        engine.kill()
        # The pipe closes once the plugin, its last writer, has gone.
        assert engine.communicate(timeout=15)[0] == b""
