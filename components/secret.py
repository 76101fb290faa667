"""Swarm secrets and configs: immutable in Swarm, so each new content is a new, autonamed object."""

from __future__ import annotations

import base64
from pathlib import Path

import pulumi
import pulumi_docker as docker

from spec.errors import SpecError
from spec.service import ConfigSpec


def secret(name: str, value: pulumi.Output[str], opts: pulumi.ResourceOptions) -> docker.Secret:
    """Make a Swarm secret. The provider wants base64, and would print a value that isn't: encode it here."""
    return docker.Secret(name, data=value.apply(lambda text: _encoded(text.encode())), opts=opts)


def config(name: str, spec: ConfigSpec, root: Path, opts: pulumi.ResourceOptions) -> docker.ServiceConfig:
    """Make a Swarm config. Raises SpecError when its file can't be read."""
    return docker.ServiceConfig(name, data=_encoded(_content(name, spec, root)), opts=opts)


def _content(name: str, spec: ConfigSpec, root: Path) -> bytes:
    if spec.content is not None:
        return spec.content.encode()
    file = root / str(spec.file)
    try:
        return file.read_bytes()
    except OSError as error:
        where = f"configs.{name}.file"
        raise SpecError(where, f"{spec.file}: {error.strerror}", "give a file relative to the project") from None


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
