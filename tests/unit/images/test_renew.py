from collections.abc import Mapping
from typing import Any

from images.login import Login
from images.renew import renew


class Fake:
    def __init__(self, **images: str) -> None:
        self.images = images
        self.renewed: list[tuple[str, str, str, str]] = []

    def services(self) -> list[dict[str, Any]]:
        return [
            {"Spec": {"Name": name, "TaskTemplate": {"ContainerSpec": {"Image": image}}}}
            for name, image in self.images.items()
        ]

    def renew_login(self, service: Mapping[str, Any], host: str, user: str, password: str) -> None:
        self.renewed.append((service["Spec"]["Name"], host, user, password))


def test_each_service_of_the_stack_gets_the_login_of_its_own_registry() -> None:
    swarm = Fake(web="r.io/web:1", api="n.io:5000/api:1", open="other.io/x", foreign="r.io/y")
    logins = {"r.io": Login("dev", "one"), "n.io:5000": Login("AWS", "two")}
    told = list(renew(swarm, frozenset({"web", "api", "open"}), logins.get))
    assert told == [("web", "r.io"), ("api", "n.io:5000")]
    assert swarm.renewed == [("web", "r.io", "dev", "one"), ("api", "n.io:5000", "AWS", "two")]
