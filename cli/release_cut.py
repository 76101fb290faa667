"""`longshore release cut`: every image by its digest, in a file that is never edited."""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.release_common import Json, Remote, now, project, pushed, put
from cli.root import ROOT, stack_file
from images.reference import Reference
from images.registry import resolve
from release import releases
from release.cut import Cutting
from release.cut import cut as make
from review import settings
from spec.errors import ReleaseError
from spec.load import check_any, unreleased
from spec.stack import AnySpec, ServicesSpec

From = Annotated[str, typer.Option("--stack", "-s", help="Whose services; by default the first environment's first.")]
Images = Annotated[list[str] | None, typer.Option("--image", metavar="SERVICE=REFERENCE", help="Another image.")]
NoCommit = Annotated[bool, typer.Option("--no-commit", help="Write the file, and leave it to you to commit it.")]

PARTS = ("longshore", "pulumi", "pulumi-vsphere", "pulumi-docker")
"""Packages whose versions a release tells."""


def cut(
    stack: From = "", image: Images = None, no_commit: NoCommit = False, push: Remote = "", as_json: Json = False
) -> None:
    """Resolve every image once and write down the release, in a commit of its own."""
    repository, known = project()
    name = stack or known.environments[known.order()[0]].all_stacks[0]
    spec = unreleased(stack_file(name), warn=lambda text: typer.echo(f"warning: {text}", err=True))
    wanted = _wanted(spec, image or [])
    authorities = _authorities(spec)

    def ask(reference: Reference) -> str:
        return resolve(reference, authorities=authorities)

    made = make(repository, Cutting(name, wanted, _providers(), _policies()), ask, now())
    path = releases.save(ROOT, made)
    if not no_commit:
        repository.commit_files([path], f"Release {made.id}")
        pushed(repository, push)
    if as_json:
        put(made.model_dump(mode="json"))
        return
    for service, each in made.images.items():
        typer.echo(f"{service}: {each.pinned}")
    typer.echo(f"{made.id}: {path}{'; commit it' if no_commit else ''}")


def _wanted(spec: AnySpec, images: list[str]) -> dict[str, str]:
    wanted = {name: each.image for name, each in spec.services.items()}
    for each in images:
        service, is_given, reference = each.partition("=")
        if not is_given or service not in wanted:
            known = ", ".join(wanted)
            raise ReleaseError(f"--image {each}", "names no service", f"write SERVICE=REFERENCE; services: {known}")
        wanted[service] = reference
    return wanted


def _authorities(spec: AnySpec) -> dict[str, str]:
    """Return the certificates of private registries: those that the engines trust. A services layer has no engines."""
    if isinstance(spec, ServicesSpec):
        file = stack_file(spec.platform.rpartition("/")[2])
        if not file.exists():
            return {}
        return _authorities(check_any(file))
    return {host: each.ca for host, each in spec.engine.registries.items()}


def _providers() -> dict[str, str]:
    return {name: metadata.version(name) for name in PARTS}


def _policies() -> dict[str, str]:
    file = ROOT / settings.FILE
    packs = settings.parse(file.read_text() if file.exists() else None).policy_packs
    return {pack: _version(pack) for pack in packs}


def _version(pack: str) -> str:
    """Return a policy pack's version, as its PulumiPolicy.yaml says it."""
    try:
        content = YAML(typ="safe").load(ROOT / pack / "PulumiPolicy.yaml")
        return str(content.get("version", ""))
    except (OSError, YAMLError, AttributeError):
        where = f"{settings.FILE}: policy_packs"
        raise ReleaseError(where, f"{pack} is no policy pack", "name folders with a PulumiPolicy.yaml") from None
