"""The SDK's side of the `swarm` provider: what a Pulumi program declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import pulumi

T = TypeVar("T")
Connection = Mapping[str, Any]
CONNECTION_FIELDS = ("name", "host", "port", "user", "keyFile", "address")
ENGINE_FACTS = (
    "hostKey",
    "dockerHost",
    "sshOpts",
    "engineVersion",
    "apiVersion",
    "operatingSystem",
    "kernelVersion",
    "storageDriver",
    "cgroupVersion",
    "hostname",
    "ready",
)


class Property(Generic[T]):
    """An output by its name on the wire."""

    def __init__(self, wire_name: str) -> None:
        self._wire_name = wire_name

    def __get__(self, resource: pulumi.Resource, owner: type) -> pulumi.Output[T]:
        output: pulumi.Output[T] = resource.__dict__[self._wire_name]
        return output


class Engine(pulumi.CustomResource):
    """A Docker Engine that has answered, with its ssh host key pinned.

    Whatever talks to the machine takes its endpoint from here, so that it waits. `timeout_seconds`: how long to wait.
    `trigger`: another text waits again. `machine`: the machine's identity; another one is another engine, whose
    host key is pinned anew. `address`: how other nodes reach it, where that isn't `host`.
    """

    host_key = Property[str]("hostKey")
    docker_host = Property[str]("dockerHost")
    ssh_opts = Property[Sequence[str]]("sshOpts")
    engine_version = Property[str]("engineVersion")
    api_version = Property[str]("apiVersion")
    operating_system = Property[str]("operatingSystem")
    kernel_version = Property[str]("kernelVersion")
    storage_driver = Property[str]("storageDriver")
    cgroup_version = Property[str]("cgroupVersion")
    hostname = Property[str]("hostname")
    ready = Property[bool]("ready")

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        host: pulumi.Input[str],
        port: pulumi.Input[int] = 22,
        user: pulumi.Input[str] = "root",
        key_file: pulumi.Input[str] | None = None,
        address: pulumi.Input[str] | None = None,
        timeout_seconds: pulumi.Input[int] = 600,
        trigger: pulumi.Input[str] | None = None,
        machine: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "host": host,
            "port": port,
            "user": user,
            "keyFile": key_file,
            "address": address,
            "timeoutSeconds": timeout_seconds,
            "trigger": trigger,
            "machine": machine,
        }
        super().__init__("swarm:index:Engine", resource_name, inputs | dict.fromkeys(ENGINE_FACTS), opts)
        # Only what was given: a preview takes an output that is absent for one that isn't known yet.
        self._given = {key: value for key, value in inputs.items() if key in CONNECTION_FIELDS and value is not None}

    @property
    def connection(self) -> pulumi.Output[Connection]:
        """What Cluster and Node need to reach this engine, and no other."""
        return pulumi.Output.all(**self._given, hostKey=self.host_key)


class Cluster(pulumi.CustomResource):
    """A Swarm's identity: initialised once, on the first of `managers`, and never replaced by rolling nodes.

    Only `name` can change later. Point `deleted_with` at it from all that ends with the Swarm.
    """

    swarm_id = Property[str]("swarmId")

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        managers: Sequence[pulumi.Input[Connection]],
        default_addr_pool: Sequence[pulumi.Input[str]] | None = None,
        subnet_size: pulumi.Input[int] | None = None,
        data_path_port: pulumi.Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "managers": managers,
            "defaultAddrPool": default_addr_pool,
            "subnetSize": subnet_size,
            "dataPathPort": data_path_port,
        }
        super().__init__("swarm:index:Cluster", resource_name, inputs | {"swarmId": None}, opts)


class Roster(pulumi.CustomResource):
    """Who the managers are: name -> whatever is another text for another machine.

    An update that would take too many of them away at once is refused while it is checked, so in previews too. Let
    the machines depend on one, and one depend on the members: the first refuses before anything is touched, the second
    remembers what was reached, also when an update stopped half-way.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        managers: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("swarm:index:Roster", resource_name, {"name": name, "managers": managers}, opts)


class Node(pulumi.CustomResource):
    """One engine's membership in a Swarm, taken out with care: demoted, drained, left, off the list.

    `managers`: through whom it is managed; changes there are no change of this node. `drain_seconds`: how long its
    tasks may take to move elsewhere. `overlay_mtu`: the packet size, in bytes, that must get through to a manager when
    it joins. Give it `deleted_with` its Cluster: the last manager can't be taken out alone.
    """

    node_id = Property[str]("nodeId")
    status = Property[str]("status")

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        role: pulumi.Input[str],
        connection: pulumi.Input[Connection],
        managers: Sequence[pulumi.Input[Connection]],
        cluster_id: pulumi.Input[str],
        labels: Mapping[str, pulumi.Input[str]] | None = None,
        availability: pulumi.Input[str] = "active",
        drain_seconds: pulumi.Input[int] = 60,
        overlay_mtu: pulumi.Input[int] = 1450,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "role": role,
            "labels": labels or {},
            "availability": availability,
            "connection": connection,
            "managers": managers,
            "clusterId": cluster_id,
            "drainSeconds": drain_seconds,
            "overlayMtu": overlay_mtu,
        }
        super().__init__("swarm:index:Node", resource_name, inputs | {"nodeId": None, "status": None}, opts)


class ServiceReady(pulumi.CustomResource):
    """A service whose rollout was waited for: a failed rollout is a failed update, with the tasks' own last words.

    `revision`: another text is another rollout. `timeout_seconds`: how long to wait. `monitor_seconds`: how long a new
    service's tasks must run before they count as good; an update is watched by the Swarm itself.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        service_id: pulumi.Input[str],
        revision: pulumi.Input[str],
        managers: Sequence[pulumi.Input[Connection]],
        cluster_id: pulumi.Input[str],
        timeout_seconds: pulumi.Input[int] = 180,
        monitor_seconds: pulumi.Input[int] = 5,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "serviceId": service_id,
            "revision": revision,
            "managers": managers,
            "clusterId": cluster_id,
            "timeoutSeconds": timeout_seconds,
            "monitorSeconds": monitor_seconds,
        }
        super().__init__("swarm:index:ServiceReady", resource_name, inputs | {"good": None}, opts)


class Contract(pulumi.CustomResource):
    """A platform's promise, held against what the engine of one of its managers says of itself.

    Its creation and each change of it fail when the Swarm is another one, or an engine doesn't keep the promise.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        cluster: pulumi.Input[str],
        swarm_id: pulumi.Input[str],
        managers: pulumi.Input[Sequence[Connection]],
        engine_version: pulumi.Input[str],
        api_version: pulumi.Input[str],
        storage_driver: pulumi.Input[str],
        cgroup_version: pulumi.Input[str],
        log_driver: pulumi.Input[str],
        content_hash: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "cluster": cluster,
            "swarmId": swarm_id,
            "managers": managers,
            "engineVersion": engine_version,
            "apiVersion": api_version,
            "storageDriver": storage_driver,
            "cgroupVersion": cgroup_version,
            "logDriver": log_driver,
            "contentHash": content_hash,
        }
        super().__init__("swarm:index:Contract", resource_name, inputs, opts)
