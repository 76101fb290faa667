"""The rules' fixtures: small event logs in YAML, one file for each family."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from review.build import StateFacts, from_lines
from review.model import ChangeModel
from review.risk import Risk, Surroundings
from review.rules import assess
from tests.unit.review import log

FOLDER = Path(__file__).with_name("fixtures")
TYPES = {
    "vm": log.VM,
    "disk": "vsphere:index/virtualDisk:VirtualDisk",
    "snapshot": "vsphere:index/virtualMachineSnapshot:VirtualMachineSnapshot",
    "apart": "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule",
    "node": "swarm:index:Node",
    "swarm": "swarm:index:Cluster",
    "service": "docker:index/service:Service",
    "container": "docker:index/container:Container",
    "image": "docker:index/remoteImage:RemoteImage",
    "volume": "docker:index/volume:Volume",
    "network": "docker:index/network:Network",
    "secret": "docker:index/secret:Secret",
}


class Case(NamedTuple):
    """A log on which a rule speaks (`says` is in what it says) or is silent (`says` is None)."""

    rule: str
    says: str | None
    body: dict[str, Any]


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for rule, both in _yaml().load(file.read_text()).items():
            yield from (Case(rule, each["says"], each) for each in both["speaks"])
            yield from (Case(rule, None, each) for each in both["silent"])


def model(body: dict[str, Any]) -> ChangeModel:
    extra = [*body.get("extra", []), *_outputs(body.get("outputs"))]
    lines = log.lines(*(_steps(each) for each in body["steps"]), extra=extra, ended=body.get("ended", True))
    return from_lines(lines, state=_state(body), partial=tuple(body.get("partial", ())))


def risks(body: dict[str, Any]) -> tuple[Risk, ...]:
    return assess(model(body), Surroundings(**{"environment": "prod", **body.get("around", {})}))


def _steps(step: dict[str, Any]) -> list[dict[str, Any]]:
    fields = {key: each for key, each in step.items() if key not in ("op", "type", "name", "because", "detailed")}
    if "because" in step:
        fields |= {"keys": [step["because"].partition(".")[0]]}
        fields |= {"detailedDiff": {step["because"]: {"diffKind": "update-replace", "inputDiff": True}}}
    if "detailed" in step:
        given = {path: {"diffKind": kind, "inputDiff": True} for path, kind in step["detailed"].items()}
        fields |= {"detailedDiff": given}
    return log.steps(step["op"], TYPES.get(step["type"], step["type"]), step["name"], **fields)


def _outputs(both: dict[str, Any] | None) -> list[dict[str, Any]]:
    if both is None:
        return []
    kind = "pulumi:pulumi:Stack"
    sides = {side: log.state(kind, "shop-prod", {}, outputs=both[side]) for side in ("old", "new")}
    return [{"resOutputsEvent": {"metadata": {"op": "same", "urn": log.urn(kind, "shop-prod"), "type": kind, **sides}}}]


def _state(body: dict[str, Any]) -> StateFacts:
    urns = {each["name"]: log.urn(TYPES.get(each["type"], each["type"]), each["name"]) for each in body["steps"]}
    needs = {urns[name]: tuple(urns[each] for each in others) for name, others in body.get("needs", {}).items()}
    return StateFacts(needs, {urns[name]: when for name, when in body.get("created", {}).items()})


def _yaml() -> YAML:
    yaml = YAML(typ="safe")
    yaml.constructor.add_constructor("!secret", lambda *_: log.SECRET)
    yaml.constructor.add_constructor("!computed", lambda *_: log.COMPUTED)
    return yaml
