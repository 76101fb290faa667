"""The programs of the image: what they write and ask for, without the services."""

from __future__ import annotations

import io
import json
import sys
import urllib.error
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lab.openstack import keys
from lab.openstack.cloud import OPENSTACK, READY

PROGRAMS = OPENSTACK.source / "root" / "opt" / "openstack"
TEMPLATES = OPENSTACK.source / "root" / "etc" / "openstack"
SERVICES = ("cinder", "glance", "keystone", "neutron", "nova", "placement")


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The image's modules by their own names, for one test."""
    names = ("database", "seed", "settings", "start")
    monkeypatch.syspath_prepend(str(PROGRAMS))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield
    for name in names:
        sys.modules.pop(name, None)


def program(name: str) -> ModuleType:
    return import_module(name)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: None) -> Path:  # noqa: ARG001
    settings = program("settings")
    monkeypatch.setattr(settings, "TEMPLATES", TEMPLATES)
    monkeypatch.setattr(settings, "SETTINGS", tmp_path / "settings")
    monkeypatch.setattr(settings.os, "umask", lambda mask: mask)
    settings.write("10.77.0.3", "the-password")
    return tmp_path / "settings"


def test_every_service_has_settings_with_nothing_left_to_fill_in(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == {*(f"{each}.conf" for each in SERVICES), "catalog"}
    for service in SERVICES:
        text = (written / f"{service}.conf").read_text()
        parsed = ConfigParser(interpolation=None, default_section="none")
        parsed.read_string(text)
        assert "@" not in text.replace("root@localhost", "")
        if service != "keystone":
            assert parsed["keystone_authtoken"]["password"] == "the-password"
            assert parsed["keystone_authtoken"]["auth_url"] == "http://10.77.0.3:5000/v3"


def test_every_service_has_a_place_in_the_catalogue_for_each_interface(written: Path) -> None:
    lines = (written / "catalog").read_text().splitlines()
    places = dict(line.split(" = ") for line in lines)
    assert places["catalog.RegionOne.compute.publicURL"] == "http://10.77.0.3:8774/v2.1"
    assert places["catalog.RegionOne.volumev3.internalURL"] == "http://10.77.0.3:8776/v3/$(project_id)s"
    assert len([key for key in places if key.endswith("URL")]) == 6 * 3
    assert {key.split(".")[1] for key in places} == {keys.REGION}


@pytest.mark.usefixtures("programs")
def test_every_service_makes_its_tables_by_its_own_command() -> None:
    database = program("database")
    assert set(database.STEPS) == set(SERVICES)
    lines = database.script("nova").splitlines()
    assert len(lines) == 4
    assert all("--config-file /run/openstack/nova.conf" in line for line in lines)
    assert lines[0].endswith("api_db sync > /dev/null")
    used = {name for name in database.DATABASES if any(f"/{name}?" in line for line in lines)}
    assert used == {"nova", "nova_cell0"}


def test_each_service_has_the_database_that_is_made_for_it(written: Path) -> None:
    made = set(program("database").DATABASES)
    connections = [
        line.split("localhost/")[1].split("?")[0]
        for service in SERVICES
        for line in (written / f"{service}.conf").read_text().splitlines()
        if line.startswith("connection = ")
    ]
    assert {*connections, "nova_cell0"} == made


class Server:
    """Answers as the services do, and remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.hypervisors: list[Any] = [[], [{"id": 1}]]
        self.pools: list[Any] = [[], [], [{"name": "lab"}]]

    def __call__(self, request: Any, timeout: float) -> Any:
        assert timeout
        body = json.loads(request.data) if request.headers.get("Content-type") == "application/json" else request.data
        self.asked.append((request.method, request.full_url.removeprefix("http://10.77.0.3:"), body))
        answer = io.BytesIO(json.dumps(self.answer(request.full_url, body)).encode())
        answer.headers = {"X-Subject-Token": "token"}  # type: ignore[attr-defined]
        return answer

    def answer(self, url: str, body: Any) -> Any:
        if url.endswith("/os-hypervisors"):
            return {"hypervisors": self.hypervisors.pop(0)}
        if url.endswith("/get_pools"):
            return {"pools": self.pools.pop(0)}
        if url.endswith("/tokens"):
            return {"token": {"project": {"id": "own"}}}
        if url.endswith("/roles"):
            return {"roles": [{"name": "member", "id": "r-member"}, {"name": "admin", "id": "r-admin"}]}
        if isinstance(body, dict) and len(body) == 1:
            [kind] = body
            return {kind: {"id": f"{kind}-id"}}
        return {"id": "image-id"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, programs: None) -> Server:  # noqa: ARG001
    made = Server()
    monkeypatch.setattr(program("seed"), "urlopen", made)
    monkeypatch.setattr(program("seed").time, "sleep", lambda _seconds: None)
    return made


def test_a_project_gets_its_user_its_network_an_image_and_flavors(server: Server) -> None:
    program("seed").seed("10.77.0.3", "admin-pw", "user-pw")
    posts = [(url, body) for method, url, body in server.asked if method == "POST"]
    flavors = [body["flavor"]["name"] for url, body in posts if url == "8774/v2.1/flavors"]
    assert flavors == ["small", "medium", "large"]
    assert ("PUT", "5000/v3/projects/project-id/users/user-id/roles/r-member", b"") in server.asked
    assert ("PUT", "9292/v2/images/image-id/file", bytes(1024)) in server.asked
    [subnet] = [body["subnet"] for url, body in posts if url == "9696/v2.0/subnets"]
    assert (subnet["network_id"], subnet["cidr"]) == ("network-id", "192.168.77.0/24")


def test_nothing_is_made_before_both_schedulers_know_their_host(server: Server) -> None:
    program("seed").seed("10.77.0.3", "admin-pw", "user-pw")
    urls = [url for _, url, _ in server.asked]
    assert urls[:6] == [
        "5000/v3/auth/tokens",
        *["8774/v2.1/os-hypervisors"] * 2,
        *["8776/v3/own/scheduler-stats/get_pools"] * 3,
    ]


def test_the_network_is_made_by_the_projects_own_user(server: Server) -> None:
    """Neutron lets only a network's owner choose addresses in it."""
    program("seed").seed("10.77.0.3", "admin-pw", "user-pw")
    logins = [body["auth"]["identity"]["password"]["user"] for _, url, body in server.asked if "auth/tokens" in url]
    assert [(each["name"], each["password"]) for each in logins] == [("admin", "admin-pw"), (keys.USER, "user-pw")]
    urls = [url for _, url, _ in server.asked]
    assert urls.index("9696/v2.0/networks") > len(urls) - 1 - urls[::-1].index("5000/v3/auth/tokens")


@pytest.mark.usefixtures("server")
def test_a_refusal_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: Any, timeout: float) -> Any:
        raise urllib.error.HTTPError(request.full_url, 500, f"after {timeout}", {}, None)  # type: ignore[arg-type]

    monkeypatch.setattr(program("seed"), "urlopen", refuse)
    with pytest.raises(urllib.error.HTTPError):
        program("seed").seed("10.77.0.3", "admin-pw", "user-pw")


class Ended:
    def __init__(self, code: int | None) -> None:
        self.code = code

    def poll(self) -> int | None:
        return self.code


@pytest.mark.usefixtures("programs")
def test_a_service_that_ends_takes_the_container_with_it_and_tells_its_logs_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start = program("start")
    monkeypatch.setattr(start, "LOGS", tmp_path)
    (tmp_path / "network.log").write_text("x\n" * 100 + "no such driver\n")
    start.check({"compute": Ended(None)})
    with pytest.raises(SystemExit, match="1"):
        start.check({"compute": Ended(None), "network": Ended(1)})
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("openstack: network ended:", "no such driver", 31)


@pytest.mark.usefixtures("programs")
def test_every_service_has_a_program_and_the_last_word_is_the_one_that_is_waited_for() -> None:
    start = program("start")
    assert {f"{name}.py" for name in start.PROGRAMS} < {path.name for path in PROGRAMS.iterdir()}
    ports = sorted(port for ports in start.PROGRAMS.values() for port in ports)
    catalogued = sorted(int(place.split("/")[0]) for place in program("settings").SERVICES.values())
    assert ports == catalogued
    assert f'"{READY}"' in (PROGRAMS / "start.py").read_text()


def test_the_binding_plugin_is_found_where_the_services_look() -> None:
    entry = (PROGRAMS / "longshore_lab-1.dist-info" / "entry_points.txt").read_text()
    assert "lab = mechanism:LabMechanismDriver" in entry
    assert "class LabMechanismDriver" in (PROGRAMS / "mechanism.py").read_text()
    assert "mechanism_drivers = lab" in (TEMPLATES / "neutron.conf").read_text()
