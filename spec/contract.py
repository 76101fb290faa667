"""The Docker-ready contract: what a platform stack promises to the services stacks that run on it.

It travels as the platform's output `contract`. It holds no secret, and nothing that depends on one checkout.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from spec.base import Spec
from spec.errors import SpecError
from spec.pool import Role

VERSION = 1
"""The version of the contract that this checkout writes and reads."""


class EngineFacts(Spec):
    """What every engine is like: as the first manager's said of itself, and as `daemon.json` asks."""

    version: str
    """The engine's version."""
    api: str
    """The version of its API."""
    storage_driver: str
    """Where its images and containers lie, such as overlay2."""
    cgroup: str
    """The version of the control groups, 1 or 2."""
    log_driver: str
    """Where containers' output goes, such as json-file."""


class ManagerFacts(Spec):
    """How to reach a manager: by ssh, with the pinned host key. The private key itself is nowhere in it."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    host: str
    port: int = 22
    user: str = "root"
    host_key: str = Field(alias="hostKey", pattern=r"^ssh-ed25519 [A-Za-z0-9+/]+={0,2}$")


class NodeFacts(Spec):
    """A node that services may be placed on."""

    address: str
    pool: str
    role: Role
    labels: dict[str, str]


class AddressPlan(Spec):
    """Which ranges are taken."""

    nodes: IPv4Network
    """The nodes' own subnet."""
    overlay_pool: tuple[IPv4Network, ...]
    """The ranges that Swarm takes overlay subnets from."""
    overlay_prefix: int
    """The prefix length of each of them."""
    data_path_port: int
    """The UDP port of the overlay traffic."""


class Contract(Spec):
    """What a platform promises."""

    version: Literal[1]
    """The version of this form."""
    cluster: str
    """The cluster's name."""
    swarm_id: str
    """The Swarm's identifier; another one is another Swarm."""
    engine: EngineFacts
    managers: tuple[ManagerFacts, ...] = Field(min_length=1)
    key_file: str | None = None
    """The private key's path, relative to the project; None for the ssh agent's keys."""
    nodes: dict[str, NodeFacts]
    addresses: AddressPlan
    hash: str
    """Of all the rest: `sha256:` and 16 digits."""


def sealed(promise: Mapping[str, Any]) -> dict[str, Any]:
    """Return `promise`, plain JSON values, with this version's number and its hash."""
    whole: dict[str, Any] = _whole({**promise, "version": VERSION})
    return {**whole, "hash": content_hash(whole)}


def content_hash(contract: Mapping[str, Any]) -> str:
    """Return the hash of a contract's content, whatever the order of its keys."""
    content = {key: value for key, value in contract.items() if key != "hash"}
    text = json.dumps(_whole(content), sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def received(value: Any, platform: str) -> Contract:
    """Return the contract that stack `platform` gave out. Raises SpecError for one that is missing, newer or broken."""
    where = f"contract of stack {platform}"
    if not isinstance(value, Mapping):
        raise SpecError(
            where, "there is none", f"give it `longshore:layer: platform`, then `longshore up -s {platform}`"
        )
    version = value.get("version")
    if version != VERSION:
        newer = isinstance(version, int | float) and version > VERSION
        fix = "update this checkout" if newer else f"run `longshore up -s {platform}` with this checkout"
        raise SpecError(where, f"it has version {version}, and this checkout reads version {VERSION}", fix)
    if value.get("hash") != content_hash(value):
        found = f"its content doesn't fit its hash {value.get('hash')}: it was changed after it was made"
        raise SpecError(where, found, f"run `longshore up -s {platform}`, which makes it anew")
    try:
        return Contract.model_validate(_whole(value))
    except ValidationError as error:
        places = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors(include_input=False)}))
        raise SpecError(
            where, f"it is broken: {places}", f"run `longshore up -s {platform}` with this checkout"
        ) from None


def _whole(value: Any) -> Any:
    """Return `value` as Pulumi's state keeps it: no nulls in maps, and whole numbers as such, not as floats."""
    if isinstance(value, Mapping):
        return {str(key): _whole(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
