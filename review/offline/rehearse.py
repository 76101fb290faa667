"""Runs a project's program against a recording engine and writes down what it registers. A script of its own.

It is started in an empty environment, in a process that may be thrown away: `rehearse.py PROJECT STACK RESULT`.
It imports nothing of Longshore, for the program brings its own: the one that is under review, and not trusted.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf import json_format  # type: ignore[import-untyped]
from pulumi.runtime import config, mocks
from ruamel.yaml import YAML

SECRET = "rehearsed"  # noqa: S105  stands for every secret: the true ones are not at hand
SECRETS, STORES = "longshore:secrets", {"file", "env", "command"}
"""Where a stack file names secrets that lie elsewhere, and by which keys (docs/secrets.md)."""
TEMPLATE_DISK = {"size": 20, "thinProvisioned": True, "eagerlyScrub": False, "label": "disk0", "unitNumber": 0}
LOOKUPS: dict[str, dict[str, Any]] = {
    "aws:ec2/getSubnet:getSubnet": {"availabilityZone": "rehearsed-zone"},
    "gcp:compute/getSubnetwork:getSubnetwork": {"network": "rehearsed-network", "selfLink": "rehearsed-subnet"},
    "vsphere:index/getComputeCluster:getComputeCluster": {"resourcePoolId": "rehearsed-pool"},
    "vsphere:index/getVirtualMachine:getVirtualMachine": {
        "guestId": "otherLinux64Guest",
        "firmware": "efi",
        "scsiType": "pvscsi",
        "disks": [TEMPLATE_DISK],
    },
}
"""What look-ups answer beyond an identifier made of their own arguments."""


class Engine(mocks.Mocks):
    """Answers what a program asks: every resource exists as declared, every look-up finds something."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Return a resource's identifier and outputs."""
        made_up = {"name": args.name, "uuid": f"uuid-{args.name}", "swarmId": "rehearsed-swarm", "hostKey": "rehearsed"}
        connection = {"dockerHost": f"ssh://root@{args.inputs.get('host')}", "sshOpts": []}
        stored = {"storedName": args.name, "value": SECRET}
        return f"{args.name}-id", made_up | connection | stored | dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Return what a look-up finds."""
        return {"id": f"{args.token}:{args.args.get('name')}", **LOOKUPS.get(args.token, {})}, []


class Monitor(mocks.MockMonitor):
    """Keeps what the program registers, in the engine's own words."""

    def __init__(self) -> None:
        super().__init__(Engine())
        self.recorded: list[dict[str, Any]] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the engine's name for it
        """Record a registration and answer it."""
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            self.recorded.append(_recorded(request, answer.urn))
        return answer


def rehearse(project: Path, stack: str) -> dict[str, Any]:
    """Return the resources that a project's program registers for a stack, and its error when it fails."""
    monitor = Monitor()
    name = YAML(typ="safe").load(project / "Pulumi.yaml")["name"]
    mocks.set_mocks(monitor.mocks, project=name, stack=stack, preview=False, monitor=monitor)
    _configure(project / "stacks" / f"Pulumi.{stack}.yaml")
    sys.path.insert(0, str(project))

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def run() -> None:
        runpy.run_path(str(project / "__main__.py"), run_name="__main__")

    said = ""
    try:
        run()
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever a program fails with is told, not raised
        said = str(error) or type(error).__name__
    return {"project": name, "resources": sorted(monitor.recorded, key=lambda each: str(each["urn"])), "error": said}


def _recorded(request: Any, urn: str) -> dict[str, Any]:
    trigger = (
        json_format.MessageToDict(request.replacement_trigger) if request.HasField("replacement_trigger") else None
    )
    return {
        "urn": _plain(urn),
        "type": request.type,
        "parent": _plain(request.parent),
        "custom": request.custom,
        "inputs": json_format.MessageToDict(request.object),
        "protect": request.protect,
        "retainOnDelete": request.retainOnDelete,
        "deleteBeforeReplace": request.deleteBeforeReplace,
        "ignoreChanges": list(request.ignoreChanges),
        "dependencies": sorted(map(_plain, request.dependencies)),
        "trigger": trigger,
    }


def _plain(urn: str) -> str:
    """Return a URN as the engine makes it: without the stack's own type, which the SDK's mocks put in front."""
    return urn.replace("::pulumi:pulumi:Stack$", "::")


def _configure(file: Path) -> None:
    values = YAML(typ="safe").load(file).get("config") or {}
    plain = {key: _opened(value) for key, value in values.items()}
    plain |= {key: _without_stores(plain[key]) for key in plain if key == SECRETS}
    texts = {key: each if isinstance(each, str) else json.dumps(each) for key, each in plain.items()}
    config.set_all_config(texts, [key for key, value in values.items() if _opened(value) != value])


def _without_stores(secrets: Any) -> Any:
    """Put a word in the place of what is outside the stack file: no store is at hand, and no command is run."""
    if not isinstance(secrets, dict):
        return secrets
    return {key: SECRET if isinstance(each, dict) and STORES & set(each) else each for key, each in secrets.items()}


def _opened(value: Any) -> Any:
    """Put a word in the place of every secret."""
    if isinstance(value, dict):
        return SECRET if set(value) == {"secure"} else {key: _opened(each) for key, each in value.items()}
    return [_opened(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    folder, of, result = sys.argv[1:]
    Path(result).write_text(json.dumps(rehearse(Path(folder), of)))
