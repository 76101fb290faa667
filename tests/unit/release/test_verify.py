"""A verification in a world that is made up: what it asks, what an answer means, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from providers.swarm.clock import Clock
from release.ask import Page
from release.observe import Place, Running, Seen
from release.verify import holds, once, verified
from spec.errors import EngineError
from spec.verification import VerifySpec
from tests import releases

RELEASE = releases.release()
PINNED = RELEASE.images["web"].pinned
GOOD = Seen(services={"web": Running(frozenset({PINNED}), (Place("10.0.0.21", 8080), Place("10.0.0.22", 8080)))})
AT_ONCE: dict[str, Any] = {"within": "0s"}


class Quick(Clock):
    """A clock that nobody waits for."""

    seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Fake:
    """Stacks, pages and ports as they are told; each may change with every look."""

    looks: list[Seen] = field(default_factory=lambda: [GOOD])
    pages: dict[str, Page] = field(default_factory=dict)
    ports: dict[tuple[str, int], str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Quick)
    count: int = 0

    def look(self, stack: str) -> Seen:
        if stack == "away":
            raise EngineError("10.0.0.11", "does not answer")
        self.count += 1
        return self.looks[min(self.count, len(self.looks)) - 1]

    def page(self, url: str) -> Page:
        return self.pages[url]

    def port(self, host: str, number: int) -> str:
        return self.ports[host, number]


def check(world: Fake, stack: str = "prod", **spec: Any) -> dict[str, tuple[bool, str]]:
    found = once(VerifySpec.model_validate(AT_ONCE | spec), (stack,), RELEASE, world)
    return {each.name: (each.ok, each.found) for each in found}


def test_a_converged_swarm_with_the_releases_digests_is_verified() -> None:
    found = verified(VerifySpec(), ("prod",), RELEASE, Fake())
    assert holds(found)
    assert [each.name for each in found] == ["swarm prod", "digests prod"]


def test_no_check_at_all_verifies_nothing() -> None:
    spec = VerifySpec(swarm=False, digests=False, within="0s")
    assert not holds(verified(spec, ("prod",), RELEASE, Fake()))


def test_a_services_page_is_asked_on_every_node_that_answers_for_it() -> None:
    pages = {f"http://10.0.0.{node}:8080/healthz": Page(200, "ok") for node in (21, 22)}
    found = check(Fake(pages=pages), http=[{"service": "web", "path": "/healthz"}])
    assert found["http web /healthz at 10.0.0.21"] == (True, "answers 200")
    assert found["http web /healthz at 10.0.0.22"] == (True, "answers 200")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Page(500, "boom"), "answers 500, not 200"),
        (Page(200, "an old page with a password"), "answers without `new`"),
        (Page(error="no answer (Timeout)"), "no answer (Timeout)"),
    ],
)
def test_a_wrong_answer_is_told_without_its_text(answer: Page, told: str) -> None:
    world = Fake(pages={"https://shop.test/": answer})
    found = check(world, http=[{"url": "https://shop.test/", "contains": "new"}])
    assert found["http https://shop.test/"] == (False, told)


def test_ports_are_tried_by_service_or_by_name() -> None:
    ports = {("10.0.0.21", 8080): "", ("10.0.0.22", 8080): "closed (TimeoutError)", ("db.test", 5432): ""}
    found = check(Fake(ports=ports), tcp=[{"service": "web"}, {"host": "db.test", "port": 5432}])
    assert found["tcp web at 10.0.0.21:8080"] == (True, "open")
    assert found["tcp web at 10.0.0.22:8080"] == (False, "closed (TimeoutError)")
    assert found["tcp db.test:5432"] == (True, "open")


def test_an_address_of_version_6_is_a_url_too() -> None:
    seen = Seen(services={"web": Running(frozenset({PINNED}), (Place("fd00::21", 80),))})
    found = check(Fake([seen], pages={"http://[fd00::21]:80/": Page(200)}), http=[{"service": "web"}])
    assert found["http web / at fd00::21"][0]


@pytest.mark.parametrize("asked", [{"service": "gone"}, {"service": "web", "port": 9}])
def test_a_service_that_is_published_nowhere_fails(asked: dict[str, Any]) -> None:
    found = check(Fake(), http=[asked], tcp=[asked])
    assert found[f"http {asked['service']} /"] == (False, f"{asked['service']} is published nowhere")
    assert not found[f"tcp {asked['service']}"][0]


@pytest.mark.parametrize(
    ("services", "told"),
    [
        ({"web": Running(frozenset({f"registry.test/web:1.0@sha256:{'b' * 64}"}))}, "web runs web:1.0@sha256:bbbbbbbb"),
        ({"web": Running(frozenset({"registry.test/web:1.0"}))}, "web runs registry.test/web:1.0 by its tag, not web:"),
        ({"web": Running(frozenset({PINNED, "registry.test/web:0.9"}))}, "web runs registry.test/web:0.9 by its tag"),
        ({"web": Running()}, "web runs nowhere"),
        ({}, "web runs nowhere"),
        ({"web": Running(frozenset({PINNED})), "miner": Running()}, "miner is not of the release"),
    ],
)
def test_any_other_image_than_the_releases_fails(services: dict[str, Running], told: str) -> None:
    ok, found = check(Fake([Seen(services=services)]))["digests prod"]
    assert not ok
    assert told in found


def test_an_environments_own_ingress_and_registry_are_in_no_release() -> None:
    services = {"web": Running(frozenset({PINNED})), "ingress": Running(), "registry": Running()}
    assert check(Fake([Seen(services=services)]))["digests prod"][0]


def test_a_swarm_that_cannot_be_asked_fails_even_where_it_is_not_checked() -> None:
    found = check(Fake(), "away", swarm=False, digests=False)
    assert found == {"swarm away": (False, "10.0.0.11: does not answer")}


def test_it_waits_until_all_hold() -> None:
    converging = Seen(("service web: 0 of 1 tasks run",), GOOD.services)
    world = Fake([converging, converging, GOOD])
    assert holds(verified(VerifySpec(within="1m"), ("prod",), RELEASE, world))
    assert world.count == 3


def test_it_gives_up_in_time_and_tells_the_last_look() -> None:
    world = Fake([Seen(("service web: 0 of 1 tasks run",), GOOD.services)])
    found = verified(VerifySpec(within="10s"), ("prod",), RELEASE, world)
    assert not holds(found)
    assert found[0].found == "service web: 0 of 1 tasks run"
    assert world.clock.now() == 10


def test_without_a_release_no_digest_is_looked_at() -> None:
    assert [each.name for each in once(VerifySpec(), ("prod",), None, Fake())] == ["swarm prod"]
