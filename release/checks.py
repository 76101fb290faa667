"""The checks of a verification as pure functions: what is to be asked, and what an answer means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from release.ask import Page
from release.observe import Place, Seen
from spec.ingress import INGRESS
from spec.own_registry import NAME as OWN_REGISTRY
from spec.promotion import Check
from spec.release import Release
from spec.verification import HttpCheck, TcpCheck, VerifySpec

Stacks = Mapping[str, Seen]
PARTS = frozenset({INGRESS, OWN_REGISTRY})
"""Services that are an environment's own, in no release: the stack file or its lock says which image they have."""


@dataclass(frozen=True)
class AskPage:
    """A page to ask, and what it should answer."""

    name: str
    url: str
    spec: HttpCheck

    def judged(self, page: Page) -> Check:
        """Return the check of an answer; the answer's text is never repeated."""
        if page.error:
            return Check(name=self.name, ok=False, found=page.error)
        if page.status != self.spec.status:
            return Check(name=self.name, ok=False, found=f"answers {page.status}, not {self.spec.status}")
        if self.spec.contains not in page.text:
            return Check(name=self.name, ok=False, found=f"answers without `{self.spec.contains}`")
        return Check(name=self.name, ok=True, found=f"answers {page.status}")


@dataclass(frozen=True)
class AskPort:
    """A port that somebody should listen on."""

    name: str
    host: str
    port: int

    def judged(self, error: str) -> Check:
        """Return the check of an attempt to connect."""
        return Check(name=self.name, ok=not error, found=error or "open")


Question = AskPage | AskPort


def questions(spec: VerifySpec, stacks: Stacks) -> list[Question | Check]:
    """Return what is to be asked from outside; a failed check where nothing can be."""
    found: list[Question | Check] = []
    for http in spec.http:
        found += _pages(http, stacks)
    for tcp in spec.tcp:
        found += _ports(tcp, stacks)
    return found


def of_swarm(spec: VerifySpec, stacks: Stacks, release: Release | None) -> Iterator[Check]:
    """Yield the checks that the Swarms themselves answer. Without a release no digest is looked at."""
    for stack, seen in stacks.items():
        if spec.swarm or seen.services is None:
            yield Check(name=f"swarm {stack}", ok=not seen.troubles, found="; ".join(seen.troubles) or "converged")
        if spec.digests and release and seen.services is not None:
            yield _digests(stack, seen, release)


def _digests(stack: str, seen: Seen, release: Release) -> Check:
    """Swarm pulls by the digest that a task names, and an engine checks what it pulled against it: the task tells."""
    name, services = f"digests {stack}", seen.services or {}
    wrong = [
        f"{service} runs {_short(image)}, not {_short(wanted.pinned)}"
        for service, wanted in release.images.items()
        for image in sorted(services[service].images if service in services else ())
        if not image.endswith(f"@{wanted.digest}")
    ]
    missing = [f"{service} runs nowhere" for service in release.images if not _is_running(service, seen)]
    known = release.images.keys() | PARTS
    strange = [f"{service} is not of the release" for service in services if service not in known]
    found = "; ".join([*wrong, *missing, *strange])
    return Check(name=name, ok=not found, found=found or f"those of {release.id}")


def _is_running(service: str, seen: Seen) -> bool:
    running = (seen.services or {}).get(service)
    return running is not None and bool(running.images)


def _short(image: str) -> str:
    reference, _, digest = image.rpartition("@")
    return f"{reference.rpartition('/')[2]}@{digest[:19]}" if reference else f"{image} by its tag"


def _pages(spec: HttpCheck, stacks: Stacks) -> list[Question | Check]:
    if spec.url is not None:
        return [AskPage(f"http {spec.url}", spec.url, spec)]
    name = f"http {spec.service} {spec.path}"
    return _each(
        name, spec.service, spec.port, stacks,
        lambda place: AskPage(f"{name} at {place.address}", f"http://{_host(place)}{spec.path}", spec),
    )  # fmt: skip


def _ports(spec: TcpCheck, stacks: Stacks) -> list[Question | Check]:
    if spec.host is not None and spec.port is not None:
        return [AskPort(f"tcp {spec.host}:{spec.port}", spec.host, spec.port)]
    name = f"tcp {spec.service}"
    return _each(
        name, spec.service, spec.port, stacks,
        lambda place: AskPort(f"{name} at {place.address}:{place.port}", place.address, place.port),
    )  # fmt: skip


def _each(
    name: str, service: str | None, port: int | None, stacks: Stacks, ask: Callable[[Place], Question]
) -> list[Question | Check]:
    places = _places(service, port, stacks)
    if not places:
        return [Check(name=name, ok=False, found=f"{service} is published nowhere")]
    return [ask(place) for place in places]


def _places(service: str | None, port: int | None, stacks: Stacks) -> Sequence[Place]:
    running = [(seen.services or {}).get(service or "") for seen in stacks.values()]
    places = [place for each in running if each for place in each.places if place.protocol == "tcp"]
    wanted = port or min((place.port for place in places), default=0)
    return [place for place in places if place.port == wanted]


def _host(place: Place) -> str:
    return f"[{place.address}]:{place.port}" if ":" in place.address else f"{place.address}:{place.port}"
