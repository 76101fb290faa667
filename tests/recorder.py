"""A recording engine: what was asked of it, and with which options. It refuses a look-up it doesn't know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc

LOOKUPS: dict[str, dict[str, Any]] = {
    "vsphere:index/getDatacenter:getDatacenter": {"id": "datacenter-1"},
    "vsphere:index/getComputeCluster:getComputeCluster": {"id": "cluster-1", "resourcePoolId": "pool-1"},
    "vsphere:index/getDatastore:getDatastore": {"id": "datastore-1"},
    "vsphere:index/getNetwork:getNetwork": {"id": "network-1"},
    "vsphere:index/getDatastoreCluster:getDatastoreCluster": {"id": "group-p1"},
    "vsphere:index/getResourcePool:getResourcePool": {"id": "resgroup-1"},
    "vsphere:index/getPolicy:getPolicy": {"id": "policy-1"},
    "vsphere:index/getTagCategory:getTagCategory": {"id": "category-1"},
    "vsphere:index/getTag:getTag": {"id": "tag-1"},
    "vsphere:index/getCustomAttribute:getCustomAttribute": {"id": "101"},
    "vsphere:index/getContentLibrary:getContentLibrary": {"id": "library-1"},
    "vsphere:index/getContentLibraryItem:getContentLibraryItem": {"id": "item-1"},
    "aws:ec2/getAmi:getAmi": {"id": "ami-1"},
    "aws:ec2/getSubnet:getSubnet": {"availabilityZone": "eu-central-1a"},
    "gcp:compute/getSubnetwork:getSubnetwork": {"network": "networks/app", "selfLink": "subnetworks/nodes"},
    "azure-native:network:getSubnet": {"id": "subnets/nodes"},
    "openstack:networking/getNetwork:getNetwork": {"id": "network-1"},
    "openstack:networking/getSubnet:getSubnet": {"id": "subnet-1"},
    "openstack:images/getImage:getImage": {"id": "image-1"},
    "openstack:compute/getFlavor:getFlavor": {"id": "flavor-1"},
    "vsphere:index/getVirtualMachine:getVirtualMachine": {
        "id": "template-1",
        "guestId": "debian11_64Guest",
        "firmware": "efi",
        "scsiType": "pvscsi",
        "disks": [{"size": 20, "thinProvisioned": True, "eagerlyScrub": False, "label": "disk0", "unitNumber": 0}],
    },
}


@dataclass
class Recording:
    """What the program registered, by logical name."""

    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    requests: dict[str, Any] = field(default_factory=dict)
    urns: list[str] = field(default_factory=list)
    lookups: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The outputs of other stacks, by their whole name."""

    def of_type(self, token: str) -> list[str]:
        return sorted(name for name, each in self.types.items() if each == token)

    def tree(self) -> str:
        """Return the type path and name of every resource, sorted: the golden form."""
        return "\n".join(sorted(urn.split("::", 2)[2] for urn in self.urns)) + "\n"


class _Mocks(mocks.Mocks):
    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.recording.inputs[args.name] = dict(args.inputs)
        self.recording.types[args.name] = args.typ
        known: dict[str, Any] = {
            "name": args.name,
            "uuid": f"uuid-{args.name}",
            "swarmId": "swarm-1",
            "hostKey": "ssh-ed25519 KEY",
            "nodeId": f"node-{args.name}",
            "engineVersion": "20.10.24",
            "apiVersion": "1.41",
            "storageDriver": "overlay2",
            "cgroupVersion": "2",
            "storedName": f"{args.name}-1a2b3c4d",
            "value": "generated-canary",
        }
        known |= {"arn": f"arn:{args.name}", "publicIp": "198.51.100.7", "ipAddress": "198.51.100.7"}
        known |= {"address": "198.51.100.7", "vipPortId": f"{args.name}-port"} if "openstack:" in args.typ else {}
        known |= {"address": "198.51.100.7"} if args.typ.startswith("gcp:") else {}
        known |= {"dockerHost": f"ssh://root@{args.inputs.get('host')}", "sshOpts": ["-o", "BatchMode=yes"]}
        return f"{args.name}-id", known | dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        self.recording.lookups.append((args.token.rsplit(":", 1)[1], dict(args.args)))
        if args.token == "pulumi:pulumi:readStackOutputs":
            return self._outputs_of(args.args["name"])
        return dict(LOOKUPS[args.token]), []

    def _outputs_of(self, stack: str) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        if stack in self.recording.stacks:
            return {"outputs": self.recording.stacks[stack]}, []
        return {}, [("name", f"unknown stack {stack!r}")]


class _Monitor(mocks.MockMonitor):
    def __init__(self, recording: Recording) -> None:
        super().__init__(_Mocks(recording))
        self.recording = recording

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the engine's name for it
        self.recording.requests[request.name] = request
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":  # made once for all tests, by whichever comes first
            self.recording.urns.append(answer.urn)
        return answer


def build(
    program: Callable[[], object], preview: bool = False, stacks: dict[str, dict[str, Any]] | None = None
) -> Recording:
    """Run `program` to the end of every registration, so that absence can be asserted too."""
    recording = Recording(stacks=stacks or {})
    monitor = _Monitor(recording)
    stack, organization = "test", "organization"
    mocks.set_mocks(monitor.mocks, "longshore", stack, preview=preview, monitor=monitor, organization=organization)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def run() -> None:
        program()

    run()
    return recording


def is_secret(value: Any) -> bool:
    return rpc.is_rpc_secret(value)
