from __future__ import annotations

import io
import tarfile
from ipaddress import IPv4Network
from typing import Any

import pytest
from docker.errors import NotFound

from lab import base_image, report
from lab.folder import Folder
from lab.network import Addresses
from lab.openstack import cloud, keys
from lab.openstack.keys import Keys
from spec.errors import LabError

ADDRESSES = Addresses(IPv4Network("10.77.0.0/24"))
STARTED = ["openstack: identity: up", "openstack: compute: up", cloud.READY]


class Container:
    """One whose log grows by a line each time it is read."""

    def __init__(self, engine: Engine, name: str, options: dict[str, Any]) -> None:
        self.engine, self.name, self.options = engine, name, options
        self.status = "running"
        self.read = 0

    def logs(self, tail: int | None = None) -> bytes:
        self.read += 1
        if self.read > len(self.engine.says):
            self.status = self.engine.ends
        lines = self.engine.says[: self.read]
        return "\n".join(lines[-tail:] if tail else lines).encode()

    def get_archive(self, path: str) -> tuple[Any, None]:
        assert path == "/var/log/openstack"
        if not self.engine.files:
            raise NotFound("no such folder")
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name, text in self.engine.files.items():
                info = tarfile.TarInfo(f"openstack/{name}")
                info.size = len(text)
                tar.addfile(info, io.BytesIO(text.encode()))
        return iter([buffer.getvalue()]), None

    def remove(self, **options: Any) -> None:
        assert options == {"force": True, "v": True}
        self.engine.found = None


class Engine:
    """As much of Docker's client as the cloud's container asks for. `ends`: its state once all is said."""

    def __init__(self) -> None:
        self.containers = self.api = self
        self.found: Container | None = None
        self.made = 0
        self.says: list[str] = STARTED
        self.ends = "running"
        self.files: dict[str, str] = {}

    def get(self, name: str) -> Container:
        if self.found is None or self.found.name != name:
            raise NotFound(name)
        return self.found

    def run(self, _image: str, *, name: str, **options: Any) -> None:
        self.made += 1
        self.found = Container(self, name, options)

    def create_endpoint_config(self, ipv4_address: str) -> str:
        return ipv4_address


@pytest.fixture
def docker(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(base_image, "ensure", lambda *_: "openstack:1")
    monkeypatch.setattr("lab.openstack.cloud.time.sleep", lambda _seconds: None)
    return Engine()


@pytest.fixture
def passwords(folder: Folder) -> Keys:
    return keys.ensure(folder, str(ADDRESSES.openstack))


def test_it_is_started_once_and_waited_for(docker: Any, folder: Folder, passwords: Keys, lines: list[str]) -> None:
    for _ in range(2):
        cloud.ensure(docker, folder, ADDRESSES, passwords, lines.append)
    assert docker.made == 1
    assert lines[:2] == ["OpenStack: starting at 10.77.0.3 ...", "  openstack: identity: up"]
    assert lines.count(f"  {cloud.READY}") == 1
    assert lines[-1].startswith("OpenStack: starting at 10.77.0.3: done in")


def test_it_listens_in_the_labs_network_only_and_has_its_passwords_in_files(
    docker: Any, folder: Folder, passwords: Keys
) -> None:
    cloud.ensure(docker, folder, ADDRESSES, passwords, print)
    options = docker.found.options
    assert "ports" not in options
    assert options["networking_config"] == {folder.name: "10.77.0.3"}
    assert (options["cap_drop"], options["cap_add"]) == (["ALL"], ["DAC_OVERRIDE"])
    assert options["volumes"] == {str(passwords.place): {"bind": "/run/secrets", "mode": "ro"}}
    assert passwords.password("admin") not in repr(options)
    assert passwords.password("user") not in repr(options)


def test_one_that_has_stopped_is_replaced(docker: Any, folder: Folder, passwords: Keys) -> None:
    cloud.ensure(docker, folder, ADDRESSES, passwords, print)
    docker.found.status = "exited"
    cloud.ensure(docker, folder, ADDRESSES, passwords, print)
    assert docker.made == 2


def test_one_that_ends_is_told_with_what_it_said(docker: Any, folder: Folder, passwords: Keys) -> None:
    docker.says, docker.ends = ["openstack: network ended:", "no such driver"], "exited"
    with pytest.raises(LabError, match=r"OpenStack: does not start:\nopenstack: network ended:\nno such driver"):
        cloud.ensure(docker, folder, ADDRESSES, passwords, print)


def test_one_that_never_gets_ready_is_not_waited_for_for_ever(
    docker: Any, folder: Folder, passwords: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr("lab.openstack.cloud.time.monotonic", lambda: next(clock))
    docker.says = ["openstack: identity: up"]
    with pytest.raises(LabError, match=r"does not start(.|\n)*lab logs openstack"):
        cloud.ensure(docker, folder, ADDRESSES, passwords, print)


def test_its_log_ends_with_each_services_own(
    docker: Any, folder: Folder, passwords: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.report.docker_engine.client", lambda _folder: docker)
    assert report.log("openstack", folder) == ""
    cloud.ensure(docker, folder, ADDRESSES, passwords, print)
    assert cloud.READY in report.log("openstack", folder)
    docker.files = {"volumes.log": "one\n" * 100 + "last\n", "compute.log": "fine\n"}
    shown = cloud.log(docker.found, 3)
    assert shown.endswith("==> openstack/compute.log\nfine\n\n\n==> openstack/volumes.log\none\none\nlast\n")


def test_removing_it_twice_is_once(docker: Any, folder: Folder, passwords: Keys) -> None:
    cloud.ensure(docker, folder, ADDRESSES, passwords, print)
    cloud.remove(docker, folder)
    cloud.remove(docker, folder)
    assert docker.found is None
