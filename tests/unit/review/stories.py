"""Changes that a reviewer may meet, as whole event logs: what the golden reports are made of."""

from __future__ import annotations

import base64
import gzip
from typing import Any

from review.build import from_lines
from review.report.content import Review, StackReview
from review.risk import Surroundings
from tests.unit.review import log
from tests.unit.review.fixtures import TYPES

DIGESTS = ("sha256:" + "a1" * 32, "sha256:" + "b2" * 32)


def steps(op: str, kind: str, name: str, *sides: Any, **more: Any) -> list[dict[str, Any]]:
    return log.steps(op, TYPES.get(kind, kind), name, *sides, **more)


def packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def userdata(level: str) -> dict[str, Any]:
    users = f"users:\n  - name: root\n    passwd: {level}-{level}\n"
    text = f"#cloud-config\nhostname: shop-managers-1\n{users}level: {level}\n"
    return {"guestinfo.userdata": packed(text), "guestinfo.userdata.encoding": "gzip+base64"}


def machine(name: str, **inputs: Any) -> dict[str, Any]:
    size = {"numCpus": 2, "memory": 4096, "disks": [{"label": "disk0", "size": 20}]}
    return {"name": name, **size, "clone": {"templateUuid": "debian-12-v1"}, **inputs}


def service(tag: str, digest: str, **container: Any) -> dict[str, Any]:
    spec = {"image": f"registry.acme/web:{tag}@{digest}", "healthcheck": {"tests": ["CMD", "true"]}, **container}
    return {
        "name": "web",
        "taskSpec": {"containerSpec": spec},
        "mode": {"replicated": {"replicas": 2}},
        "updateConfig": {"failureAction": "rollback", "order": "start-first"},
    }


def cluster() -> list[list[dict[str, Any]]]:
    """What every story shares: the component and its members."""
    names = [f"shop-managers-{n}" for n in (1, 2, 3)]
    members = [steps("same", "node", f"{name}-member", {"name": name, "role": "manager"}) for name in names]
    return [steps("same", "longshore:index:DockerCluster", "shop", {}), *members]


def template_bump() -> list[list[dict[str, Any]]]:
    """A new template for two of three managers at once, and what else a busy week brings."""
    detailed = {"clone.templateUuid": {"diffKind": "update-replace", "inputDiff": True}}
    new = {"clone": {"templateUuid": "debian-12-v2"}}
    replaced = [
        steps("replace", "vm", name, machine(name), machine(name, **new), keys=["clone"], detailedDiff=detailed)
        for name in ("shop-managers-1", "shop-managers-2")
    ]
    rebooted = [
        steps("update", "vm", name, machine(name, memory=4096), machine(name, memory=8192))
        for name in ("shop-workers-1", "shop-workers-2", "shop-workers-3")
    ]
    cloud = [
        steps(
            "update",
            "vm",
            "shop-managers-3",
            machine("shop-managers-3", extraConfig=userdata("low")),
            machine("shop-managers-3", extraConfig=userdata("high")),
        )
    ]
    return [*cluster(), *replaced, *rebooted, *cloud, *image_bump()[4:]]


def image_bump() -> list[list[dict[str, Any]]]:
    """A new image and an environment that changes with it."""
    old = service("1.8.2", DIGESTS[0], env={"LEVEL": "info", "DB_PASSWORD": "hunter2"})
    new = service("1.9.0", DIGESTS[1], env={"LEVEL": "debug", "DB_PASSWORD": "hunter3", "TRACE": "1"})
    nginx = "server {\n  listen 80;\n  a 1;\n  b 2;\n  c 3;\n  location / {\n    return 200;\n  }\n}\n"
    changed = nginx.replace("200", "204")
    return [
        *cluster(),
        steps("update", "service", "web", old, new),
        steps(
            "replace",
            "docker:index/serviceConfig:ServiceConfig",
            "nginx",
            {"data": base64.b64encode(nginx.encode()).decode()},
            {"data": base64.b64encode(changed.encode()).decode()},
            order="create-first",
            keys=["data"],
        ),
        steps("create", "secret", "api-token", None, {"data": log.SECRET}),
    ]


def review_of(*stacks: tuple[str, list[list[dict[str, Any]]]], **more: Any) -> Review:
    return Review(
        stacks=tuple(stack_of(name, groups) for name, groups in stacks),
        project="shop",
        head="3f2c1ab9",
        base="9a0b1c2d",
        provenance={"pulumi": "3.272.0", "vsphere": "4.18.2", "docker": "5.2.0"},
        **more,
    )


def stack_of(name: str, groups: list[list[dict[str, Any]]], extra: list[dict[str, Any]] | None = None) -> StackReview:
    text = "\n".join(log.lines(*groups, extra=extra or [])).replace("urn:pulumi:prod::", f"urn:pulumi:{name}::")
    return StackReview.of(from_lines(text.split("\n")), Surroundings(environment=name))


def three_stacks() -> Review:
    return review_of(("dev", image_bump()), ("staging", image_bump()), ("prod", template_bump()))


def failed() -> Review:
    extra: list[dict[str, Any]] = [
        {"diagnosticEvent": {"severity": "warning", "message": "`hvMode` is deprecated, ask @team about #12"}},
        {"diagnosticEvent": {"severity": "error", "message": "template 'debian-12' not found <b>"}},
        {
            "policyEvent": {
                "resourceUrn": log.urn(TYPES["service"], "web"),
                "message": "memory has no limit",
                "policyName": "limits-set",
                "policyPackName": "longshore",
                "enforcementLevel": "mandatory",
            }
        },
    ]
    return Review((stack_of("prod", image_bump(), extra),), project="shop", head="3f2c1ab9")


def unchanged() -> Review:
    return Review((stack_of("prod", cluster()),), project="shop", head="3f2c1ab9")
