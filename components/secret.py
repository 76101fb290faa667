"""Swarm secrets and configs: immutable in Swarm, so each new content is a new generation under a new name."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi

from components.ingress import with_ingress
from components.stores import Stores
from providers.swarm.stored_resources import Config, GeneratedSecret, Place, Secret, Shelf
from spec.errors import SpecError
from spec.secret_source import CommandSource, EnvSource, FileSource, GeneratedSource, SecretSource
from spec.service import ConfigSpec
from spec.stack import ServicesPart


@dataclass(frozen=True)
class Contents:
    """What was read before anything is made: configs, and secrets from outside the stack file, in base64."""

    secrets: Mapping[str, pulumi.Output[str]]
    configs: Mapping[str, str]


@dataclass(frozen=True)
class Stored:
    """A stack's secrets and configs, by their names in the stack file."""

    secrets: Mapping[str, Secret]
    configs: Mapping[str, Config]


def contents(spec: ServicesPart, root: Path) -> Contents:
    """Read what lies outside the stack file, secrets sealed at once.

    Raises SpecError when a config's file or a secret's store can't be read.
    """
    declared = with_ingress(spec).configs
    configs = {name: _encoded(_content(name, each, root)) for name, each in declared.items()}
    outside = {
        name: each for name, each in spec.secrets.items() if isinstance(each, FileSource | EnvSource | CommandSource)
    }
    found = Stores(root).read_all(outside)
    return Contents({name: pulumi.Output.secret(value) for name, value in found.items()}, configs)


def stored(
    spec: ServicesPart,
    read: Contents,
    place: Place,
    opts: pulumi.ResourceOptions,
    more: Mapping[str, pulumi.Output[str]] | None = None,
) -> Stored:
    """Make everything that is declared, and the secret texts `more`, on a shelf that clears up after it."""
    values = {name: _sealed(name, each, read, opts) for name, each in spec.secrets.items()}
    values |= {name: each.apply(_encoded_text) for name, each in (more or {}).items()}
    names = [*(f"config/{name}" for name in spec.configs), *(f"secret/{name}" for name in values)]
    if not names:
        return Stored({}, {})
    shelf = Shelf("shelf", names=sorted(names), place=place, opts=opts)
    on_it = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[shelf]))
    hidden = pulumi.ResourceOptions.merge(on_it, pulumi.ResourceOptions(additional_secret_outputs=["data"]))
    return Stored(
        {name: Secret(name, name=name, data=each, place=place, opts=hidden) for name, each in values.items()},
        {name: _config(name, each, read, place, on_it) for name, each in spec.configs.items()},
    )


def _config(name: str, spec: ConfigSpec, read: Contents, place: Place, opts: pulumi.ResourceOptions) -> Config:
    return Config(name, name=name, data=read.configs[name], template=spec.template or None, place=place, opts=opts)


def _sealed(name: str, source: SecretSource, read: Contents, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    if name in read.secrets:
        return read.secrets[name]
    text = generated(name, source, opts) if isinstance(source, GeneratedSource) else source
    return pulumi.Output.secret(text).apply(_encoded_text)


def generated(name: str, source: GeneratedSource, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Return a generated secret, the same until its length, alphabet or rotation changes."""
    asked = source.generate
    made = GeneratedSecret(
        f"{name}-generated",
        name=name,
        length=asked.length,
        alphabet=asked.alphabet,
        rotation=source.rotate,
        opts=opts,
    )
    return pulumi.Output.secret(made.value)


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


def _encoded_text(text: str) -> str:
    return _encoded(text.encode())
