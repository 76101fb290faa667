"""Policies on Swarm services and single containers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policy.rule import ADVICE, ALWAYS, IN_PROD, PAST_DEV, UNKNOWN, Resource, at, items, policy
from review.sensitive import SHAPES, USERINFO, is_sensitive_name

SERVICE = "docker:index/service:Service"
CONTAINER = "docker:index/container:Container"
SOCKETS = {"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"}
MIGHTY = {"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF"}
"""Capabilities with which a process can leave its container."""
_PINNED = re.compile(r"(^|@)sha256:[0-9a-f]{64}$")


@policy(
    "image-pinned",
    PAST_DEV,
    SERVICE,
    CONTAINER,
    fix="add the digest: NAME:TAG@sha256:…",
    source="https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier",
)
def image_pinned(resource: Resource) -> Iterator[str]:
    """An image is named by its digest.

    A tag can be moved: what was tested is then not what runs, and two nodes may run different things.
    """
    image = at(_container(resource), "image")
    if isinstance(image, str) and image != UNKNOWN and not _PINNED.search(image):
        yield f"image {image.partition('@')[0]} has no digest"


@policy("limits-set", IN_PROD, SERVICE, CONTAINER, fix="set limits: {memory: 256 MiB}")
def limits_set(resource: Resource) -> Iterator[str]:
    """A container has a memory limit.

    Without one a leak takes the whole node, and the kernel picks what dies.
    """
    limit = at(resource.props, *_MEMORY[resource.type])
    if limit != UNKNOWN and not limit:
        yield "has no memory limit"


@policy("healthcheck-set", IN_PROD, SERVICE, CONTAINER, fix="set healthcheck: {test: [CMD, …]}")
def healthcheck_set(resource: Resource) -> Iterator[str]:
    """A container has a health check.

    Without one a rollout counts a process that hangs as good, and doesn't roll back. One in the image is not seen here.
    """
    check = at(_container(resource), "healthcheck")
    if check == UNKNOWN or at(check, "tests") == UNKNOWN:
        return
    tests = items(at(check, "tests"))
    if not tests or tests[0] == "NONE":
        yield "has no health check"


@policy(
    "not-privileged",
    ALWAYS,
    CONTAINER,
    SERVICE,
    fix="give single capabilities or devices instead",
    source="https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities",
)
def not_privileged(resource: Resource) -> Iterator[str]:
    """A container can't take over its node.

    Privileged ones can, those in a name space of the node, and those with a capability such as SYS_ADMIN.
    """
    container = _container(resource)
    if at(container, "privileged") is True:
        yield "is privileged"
    added = {str(each).upper().removeprefix("CAP_") for each in items(at(container, "capabilities", "adds"))}
    if added & MIGHTY:
        yield f"has the capabilities {', '.join(sorted(added & MIGHTY))}"
    shared = [name for name in ("networkMode", "pidMode", "ipcMode") if at(container, name) == "host"]
    if shared:
        yield f"shares {', '.join(name.removesuffix('Mode') for name in shared)} with its node"


@policy(
    "no-engine-socket",
    ALWAYS,
    CONTAINER,
    SERVICE,
    fix="use a proxy that lets single requests through, or the Swarm's own API",
)
def no_engine_socket(resource: Resource) -> Iterator[str]:
    """A container doesn't reach the engine's socket.

    Whoever has it is root on the node, and on a manager in the whole Swarm.
    """
    container = _container(resource)
    mounts = [*items(at(container, "mounts")), *items(at(container, "volumes"))]
    found = {str(at(each, key)).rstrip("/") for each in mounts for key in ("source", "hostPath")} & SOCKETS
    if found:
        yield f"mounts {', '.join(sorted(found))}"


@policy(
    "no-secret-in-env",
    ALWAYS,
    SERVICE,
    CONTAINER,
    fix="declare it under `secrets` and mount it: NAME_FILE=/run/secrets/…",
)
def no_secret_in_env(resource: Resource) -> Iterator[str]:
    """No environment variable holds a secret.

    Everybody who can inspect a container reads them, and so does every child process and many a crash report.
    """
    for name, value in _environment(_container(resource)):
        telling = is_sensitive_name(name) or USERINFO.search(value) or any(shape.search(value) for shape in SHAPES)
        if value and telling and not _is_reference(value):
            yield f"the environment variable {name} holds a secret"


@policy("ports-declared", PAST_DEV, SERVICE, CONTAINER, fix="declare it under the service's `ports`, with a number")
def ports_declared(resource: Resource) -> Iterator[str]:
    """A published port is declared in the stack file.

    What is open is then read in one place. A port without a number is picked by the engine, and by no firewall rule.
    """
    for port in _ports(resource):
        if port == UNKNOWN:
            continue
        if not port:
            yield "publishes a port without a number"
        elif resource.around.ports is not None and int(port) not in resource.around.ports:
            yield f"publishes port {int(port)}, which the stack file doesn't declare"


@policy("rolls-back", ADVICE, SERVICE, fix="set updateConfig.failureAction to rollback")
def rolls_back(resource: Resource) -> Iterator[str]:
    """A failed update of a service is rolled back.

    Otherwise Swarm stops half-way, and both versions run until somebody looks.
    """
    action = at(resource.props, "updateConfig", "failureAction")
    if action not in ("rollback", UNKNOWN):
        yield "is not rolled back when an update fails"


_MEMORY = {SERVICE: ("taskSpec", "resources", "limits", "memoryBytes"), CONTAINER: ("memory",)}


def _container(resource: Resource) -> Any:
    return at(resource.props, "taskSpec", "containerSpec") if resource.type == SERVICE else resource.props


def _environment(container: Any) -> Iterator[tuple[str, str]]:
    """Yield names and values: a service has a map, a container has lines."""
    variables = at(container, "env")
    if isinstance(variables, dict):
        yield from ((str(name), str(value)) for name, value in variables.items() if value != UNKNOWN)
    for line in items(at(container, "envs")):
        if line != UNKNOWN:
            name, _, value = str(line).partition("=")
            yield name, value


def _is_reference(value: str) -> bool:
    """Say whether a value says where a secret is, and is none."""
    return value.startswith(("/run/secrets/", "file:///run/secrets/"))


def _ports(resource: Resource) -> Iterator[Any]:
    if resource.type == SERVICE:
        yield from (at(port, "publishedPort") for port in items(at(resource.props, "endpointSpec", "ports")))
    else:
        yield from (at(port, "external") for port in items(at(resource.props, "ports")))
        if at(resource.props, "publishAllPorts") is True:
            yield None
