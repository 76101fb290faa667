"""`longshore images`: which content each tag means, and copies of it in another registry."""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from cli import pulumi
from cli.root import ROOT, Stack, stack_file
from images import lock as locks
from images import mirror as mirrors
from images.access import Access
from images.collect import collect
from images.progress import Progress
from images.reference import parse
from images.renew import renew
from providers.swarm.ssh import Ssh
from spec.compose.project import project
from spec.compose.reference import ComposeSpec
from spec.edit import replace
from spec.errors import SpecError
from spec.load import check_any, check_unpinned
from spec.pins import images_of, lock_file, mirror_file, read_lock
from spec.registry import MirrorSpec
from spec.stack import AnySpec
from upkeep.nodes import node_connections
from upkeep.reach import call, swarm_of

images = typer.Typer(help="Images by digest: locked, copied.", no_args_is_help=True)
Authority = Annotated[Path | None, typer.Option(help="A certificate authority's PEM file to trust, too.")]


@images.command()
def lock(
    stack: Stack = "lab",
    check: Annotated[bool, typer.Option(help="Change nothing; exit with 2 when the lock is stale.")] = False,
    update: Annotated[
        list[str] | None, typer.Option(help="Look again at this service's tag, or `all`; may be repeated.")
    ] = None,
    ca: Authority = None,
) -> None:
    """Write down which digest each tag of the stack means; what is locked already stays."""
    spec, file = check_unpinned(stack_file(stack), warn=_warn), lock_file(ROOT, stack)
    services, known = images_of(spec), read_lock(file)
    if check:
        count = locks.verify(services, known, stack)
        typer.echo(f"stacks/{file.name}: ok ({count} images)")
        return
    access = _access(spec, stack, ca)
    found = locks.relocked(
        services.values(),
        known,
        locks.asked(update or (), services, stack),
        lambda image: access.connect(parse(image).host).resolve(parse(image)),
    )
    replace(file, locks.render(found, stack))
    for each in found:
        typer.echo(f"{each.state:<8} {each.image}  {each.digest}")
    typer.echo(f"stacks/{file.name}: {sum(each.state != 'removed' for each in found)} images")


@images.command()
def mirror(
    to: Annotated[str, typer.Option(help="The registry, and a path in it: registry.example.com/mirror.")],
    compose: Annotated[Path | None, typer.Argument(help="A compose file, instead of a stack.")] = None,
    stack: Stack = "lab",
    platform: Annotated[
        list[str] | None, typer.Option(help="Only this one, such as linux/amd64; may be repeated.")
    ] = None,
    ca: Authority = None,
) -> None:
    """Copy every image to another registry, by digest; run again, it goes on where it was."""
    _check_place(to)
    if compose:
        access, file = _access(None, stack, ca), compose.with_suffix(".mirror.yaml")
        wanted = _of_compose(compose, access)
    else:
        spec, file = check_unpinned(stack_file(stack), warn=_warn), mirror_file(ROOT, stack)
        access = _access(spec, stack, ca)
        wanted = locks.applied(images_of(spec), read_lock(lock_file(ROOT, stack)), stack)
    progress = Progress(sys.stderr)
    copies = mirrors.mirrored(wanted, to, access.connect, platform or (), progress)
    replace(file, mirrors.render(to, copies))
    typer.echo(f"{file.name}: {len(copies)} images are in {to}")


@images.command()
def login(stack: Stack = "lab") -> None:
    """Renew the registry logins that the Swarm keeps with the services; no task restarts. For short-lived passwords."""
    spec = check_any(stack_file(stack), warn=_warn)
    access = _access(spec, stack, None)
    with swarm_of(pulumi.outputs(stack)["cluster"]) as swarm:
        for name, host in renew(swarm, frozenset(spec.services), cache(access.declared)):
            typer.echo(f"{name}: the login at {host} is new")


@images.command("collect")
def collect_garbage(
    stack: Stack = "lab",
    untagged: Annotated[bool, typer.Option(help="Also images that only a digest names.")] = False,
) -> None:
    """Remove what no image needs any more from the stack's own registry, which must be read-only meanwhile."""
    own = check_any(stack_file(stack), warn=_warn).registry
    if own is None:
        raise SpecError(f"stacks/Pulumi.{stack}.yaml: registry", "is missing", "declare longshore:registry")
    world = call()
    nodes = node_connections(pulumi.deployment(stack))
    with swarm_of(pulumi.outputs(stack)["cluster"], world) as swarm:
        count = collect(swarm, nodes, Ssh(world.clock).run, own.program, untagged)
    typer.echo(f"registry: {count} blobs removed")


def _check_place(place: str) -> None:
    try:
        MirrorSpec(registry=place)
    except ValidationError:
        found = f"`{place}` is no registry"
        raise SpecError("--to", found, "write `host` or `host:port`, and a path in it or not") from None


def _of_compose(file: Path, access: Access) -> list[str]:
    """Return a compose file's images, each with the digest that it has now."""
    found = project(ComposeSpec(files=(file.name,)), file.resolve().parent)
    services = found.sections.get("services", {})
    if not services:
        raise SpecError(str(file), "has no service with an image", "name another file")
    images = sorted({str(each["image"]) for each in services.values()})
    return [
        each if "@" in each else f"{each}@{access.connect(parse(each).host).resolve(parse(each))}" for each in images
    ]


def _access(spec: AnySpec | None, stack: str, ca: Path | None) -> Access:
    try:
        authority = ca.read_text() if ca else None
    except OSError as error:
        raise SpecError(str(ca), f"can't be read: {error.strerror}", "name a PEM file") from None
    return Access(spec, partial(pulumi.config, stack), ROOT, authority)


def _warn(text: str) -> None:
    typer.echo(f"warning: {text}", err=True)
