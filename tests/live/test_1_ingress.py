"""The ingress: nobody who asks through it notices a rollout, a broken image, or the death of one of its nodes."""

from __future__ import annotations

import http.client
import json
import re
import shlex
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from components.caddy import CONFIG, SECRETS, configuration
from lab.folder import Folder
from spec.ingress import IngressSpec
from spec.route import RouteSpec
from tests.live.project import Project
from tests.live.watch import Seen, machines, repeating

HOST = "shop.lab"
PATIENCE = 90.0
"""Seconds that a client waits for one answer. It never asks twice."""
REQUESTS = 1000
PACE = 0.03


def asked(address: str, host: str = HOST, path: str = "/", port: int = 80) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def page(address: str) -> str:
    """Return what the page says of itself: `replica version`. Raises OSError for anything but a whole page."""
    status, text = asked(address)
    found = re.findall(r'<dd id="replica">(\S+)</dd>\s*<dt>Version</dt><dd>(\S+)</dd>', text)
    if status != 200 or "</html>" not in text or not found:
        raise OSError(f"{status} {text[:200]!r}")
    return " ".join(found[0])


def visitor(address: str) -> Callable[[Seen], None]:
    """Ask for the page once; whatever else than the page comes is a failure, with its reason."""

    def look(seen: Seen) -> None:
        seen.values.append(1)
        try:
            page(address)
        except (OSError, http.client.HTTPException) as error:
            seen.failures.append(f"{address}: request {len(seen.values)}: {error!r}")

    return look


def answers(address: str) -> bool:
    try:
        return bool(page(address))
    except (OSError, http.client.HTTPException):
        return False


def versions(addresses: dict[str, str]) -> set[str]:
    return {page(address).split()[1] for address in addresses.values() for _ in range(4)}


def newer(config: dict[str, Any]) -> None:
    web = config["longshore:services"]["web"]
    web["image"] = web["image"].split("@")[0].replace(":1.0", ":1.1")


def broken(config: dict[str, Any]) -> None:
    """Give web an image that can't serve it: the ingress's own, which ends for want of its configuration.

    It isn't started again: while `max_per_node` leaves such a task no room, Swarm waits a minute before it rolls back
    (moby/swarmkit, manager/orchestrator/restart: defaultOldTaskTimeout).
    """
    config["longshore:services"]["web"]["image"] = config["longshore:ingress"]["image"]
    config["longshore:services"]["web"]["restart"] = {"condition": "none"}


@pytest.fixture(scope="module")
def edges(running: Project) -> dict[str, str]:
    """The address of each node that runs the ingress, by the node's name."""
    shown = running.run("status").output
    found = dict(re.findall(r"(lab-workers-\d+) +(\d+\.\S+) +worker", shown))
    assert len(found) == 2, shown
    assert running.until(lambda: all(answers(each) for each in found.values()), 300), "the ingress does not answer"
    return found


def test_requests_go_by_host_to_all_tasks_and_are_counted(running: Project, edges: dict[str, str]) -> None:
    address = edges["lab-workers-1"]
    assert asked(address, "elsewhere.lab") == (404, "No route leads here.\n")
    assert running.until(lambda: len({page(address).split()[0] for _ in range(10)}) == 2, 300)
    status, metrics = asked(address, path="/metrics", port=9180)
    assert status == 200
    assert 'handler="reverse_proxy",server="http"' in metrics
    assert re.search(r"operators .*9180/tcp", running.ok("ports", "--stack", "lab"))


@contextmanager
def proxy(project: Project, folder: Path, tls: dict[str, Any]) -> Iterator[str]:
    """Run the ingress's program by itself, with the secrets in `folder`; yields its address."""
    spec = IngressSpec.model_validate({"image": "caddy:2.6", "tls": tls})
    file = folder / "longshore.json"
    file.write_text(json.dumps(configuration(spec, [("web", RouteSpec(host=HOST, port=8080))])))
    lab = Folder(project.folder.resolve()).name
    listed = project.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split()
    [image] = [each for each in listed if each.startswith(f"{lab}/sample:")]
    mounts = (f"--volume={file}:{CONFIG}:ro", f"--volume={folder}:{SECRETS}:ro", "--tmpfs=/data", "--read-only")
    rights = ("--cap-drop=ALL", "--cap-add=NET_BIND_SERVICE")
    command = shlex.join(
        ["run", "--detach", f"--network={lab}", *mounts, *rights, image, "caddy", "run", "--config", CONFIG]
    )
    container = project.docker(command).strip()
    try:
        [inspected] = json.loads(project.docker("inspect", container))
        yield inspected["NetworkSettings"]["Networks"][lab]["IPAddress"]
    finally:
        print(project.docker("logs", container, "2>&1"))
        project.docker("rm", "--force", container)


def certified(address: str, authority: Path) -> bool:
    """Tell whether whoever asks for HOST at `address` gets a certificate of `authority` for it."""
    context = ssl.create_default_context(cafile=str(authority))
    try:
        with (
            socket.create_connection((address, 443), timeout=PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=HOST) as wrapped,
        ):
            return wrapped.getpeercert() is not None
    except OSError as error:
        print(error)
        return False


@pytest.mark.parametrize("source", ["ca", "files"])
def test_certificates_are_of_ones_own_authority_or_from_files(project: Project, tmp_path: Path, source: str) -> None:
    authority = trustme.CA()
    pair: Any = authority if source == "ca" else authority.issue_cert(HOST)
    place = "ca" if source == "ca" else "files.0"
    certificate = authority.cert_pem if source == "ca" else pair.cert_chain_pems[0]
    certificate.write_to_path(tmp_path / f"{place}.certificate")
    pair.private_key_pem.write_to_path(tmp_path / f"{place}.key")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    names = {"certificate": "cert", "key": "key"}
    with proxy(project, tmp_path, {source: names if source == "ca" else [names]}) as address:
        assert project.until(lambda: certified(address, tmp_path / "authority.pem"), 300)
        assert asked(address)[0] == 308


def test_nobody_notices_a_rollout_nor_an_image_that_is_broken(running: Project, edges: dict[str, str]) -> None:
    one, two = edges.values()
    with (
        running.edited(newer),
        repeating(visitor(one), PACE) as first,
        repeating(visitor(two), PACE) as second,
    ):
        running.ok("up", "--stack", "lab", "--yes")
        during = len(first.values) + len(second.values)
        assert running.until(lambda: len(first.values) + len(second.values) >= REQUESTS, 600)
        print(f"requests during the rollout: {during}, then {len(first.values) + len(second.values)}")
        assert [*first.failures, *second.failures] == []
        assert running.until(lambda: versions(edges) == {"1.1"}, 300)
        with running.edited(broken):
            failed = running.run("up", "--stack", "lab", "--yes")
    print(f"requests: {len(first.values)} and {len(second.values)}")
    assert [*first.failures, *second.failures] == []
    assert failed.code != 0
    assert "Swarm rolled the update back: the version before runs" in failed.output
    assert "task: non-zero exit (1)" in failed.output
    assert re.search(r"\| .*longshore\.json: no such file or directory", failed.output)
    assert "Traceback" not in failed.output
    assert versions(edges) == {"1.1"}


def test_an_ingress_node_that_dies_leaves_the_other_one_answering_and_comes_back(
    running: Project, edges: dict[str, str]
) -> None:
    try:
        with repeating(visitor(edges["lab-workers-1"]), PACE) as seen:
            running.docker("kill", *machines(running, "lab-workers-2"))
            asked_before = len(seen.values)
            assert running.until(lambda: len(seen.values) >= asked_before + 40, 600)
        print(f"requests to the node that is left: {len(seen.values)}")
        assert seen.failures == []
        assert not answers(edges["lab-workers-2"])
    finally:
        running.ok("up", "--stack", "lab", "--yes")
    assert running.until(lambda: all(answers(each) for each in edges.values()), 300), "the node did not come back"
    assert running.until(lambda: versions(edges) == {"1.0"}, 300)
    assert running.steps() == []
