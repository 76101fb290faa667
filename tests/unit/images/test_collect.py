from typing import Any

import pytest

from images.collect import collect
from providers.swarm.connection import Connection, connection_from
from providers.swarm.member import Member
from providers.swarm.ssh import Ran
from spec.errors import SwarmError
from tests.unit.providers.world import World

READ_ONLY = {"longshore.registry.read-only": "true"}
OUTPUT = "library/web: marking manifest\n0 blobs marked, 2 blobs and 0 manifests eligible for deletion\n" + (
    "blob eligible for deletion: sha256:a\nblob eligible for deletion: sha256:b\n"
)


class Fake:
    def __init__(self, labels: dict[str, str], state: str = "running") -> None:
        self.world = World("n1")
        self.world.formed(n1="manager")
        self.labels = labels
        self.state = state

    def services(self) -> list[dict[str, Any]]:
        return [{"ID": "s1", "Spec": {"Name": "registry", "Labels": self.labels}}] if self.state != "gone" else []

    def tasks(self, service_id: str) -> list[dict[str, Any]]:
        assert service_id == "s1"
        status = {"State": self.state, "ContainerStatus": {"ContainerID": "c1"}}
        return [{"NodeID": self.world["n1"].node_id, "DesiredState": "running", "Status": status}]

    def members(self) -> list[Member]:
        return [Member(self.world["n1"].node_id, "n1", "manager", "active", {}, "ready", "reachable")]


def run(fake: Fake, code: int = 0, untagged: bool = False, known: bool = True) -> tuple[int, list[str]]:
    asked: list[str] = []

    def ssh(connection: Connection, command: str, seconds: float) -> Ran:
        assert connection.name == "n1"
        assert seconds > 60
        asked.append(command)
        return Ran(code, OUTPUT)

    nodes = {"n1": connection_from(fake.world["n1"].connection)} if known else {}
    return collect(fake, nodes, ssh, "registry", untagged), asked


def test_the_collector_runs_in_the_container_and_its_work_is_counted() -> None:
    command = "docker exec c1 registry garbage-collect /run/secrets/registry-config 2>&1"
    assert run(Fake(READ_ONLY)) == (2, [command])
    assert "garbage-collect --delete-untagged /run" in run(Fake(READ_ONLY), untagged=True)[1][0]


@pytest.mark.parametrize(
    ("fake", "found"),
    [
        (Fake({}), "takes pushes, which garbage collection would break"),
        (Fake({"longshore.registry.read-only": "false"}), "takes pushes"),
        (Fake(READ_ONLY, "gone"), "is not there"),
        (Fake(READ_ONLY, "preparing"), "does not run"),
    ],
)
def test_nothing_is_collected_where_that_would_harm_or_be_in_vain(fake: Fake, found: str) -> None:
    with pytest.raises(SwarmError, match=found) as caught:
        run(fake)
    assert caught.value.fix


def test_a_node_of_another_stack_and_a_failing_collector_are_told() -> None:
    with pytest.raises(SwarmError, match="runs on n1, which this stack doesn't know"):
        run(Fake(READ_ONLY), known=False)
    with pytest.raises(SwarmError, match="its collector ended with 3: blob eligible"):
        run(Fake(READ_ONLY), code=3)
