"""Images by digest, from a registry with a login: locked, copied, rolled out, and the registry killed meanwhile."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from ruamel.yaml import YAML

from tests.live import own_registry
from tests.live.hands import on_manager
from tests.live.project import Project, Step
from tests.live.vault import PASSWORD, USER, Vault, vault
from tests.live.watch import Seen, repeating

LONG = 300.0
TASKS = "docker service ps web --quiet --filter desired-state=running"


@pytest.fixture(scope="module")
def registry(running: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """The registry with its login, and the lab stack left as it was."""
    stack = running.folder / "stacks" / "Pulumi.lab.yaml"
    before = stack.read_text()
    with vault(running, tmp_path_factory.mktemp("vault")) as made:
        try:
            yield made
        finally:
            stack.write_text(before)
            for file in stack.parent.glob("images.lab.*"):
                file.unlink()
            running.ok("up", "--stack", "lab", "--yes")


def setting(project: Project, **web: Any) -> None:
    """Change service `web` in the stack file, for good."""
    write(project, lambda config: config["longshore:services"]["web"].update(web))


def write(project: Project, change: Any) -> None:
    file = project.folder / "stacks" / "Pulumi.lab.yaml"
    yaml = YAML()
    content = yaml.load(file)
    change(content["config"])
    with file.open("w") as stream:
        yaml.dump(content, stream)


def image_of(project: Project) -> str:
    """Return the image that the running tasks of `web` have, with its digest."""
    listed = on_manager(project, "docker service ps web --no-trunc --filter desired-state=running --format {{.Image}}")
    return " ".join(sorted(set(listed.split())))


def copy_of(project: Project, image: str) -> str:
    """Return what the mirror map says of an image."""
    return str(YAML(typ="safe").load(project.folder / "stacks" / "images.lab.mirror.yaml")["images"][image])


def answering(urls: list[str]) -> int:
    """Return how many of the addresses answer."""
    count = 0
    for url in urls:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                page.read()
            count += 1
        except OSError:
            continue
    return count


def test_a_locked_image_is_mirrored_and_pulled_with_a_login(running: Project, registry: Vault) -> None:
    lab_registry = running.folder / "stacks" / "Pulumi.lab.yaml"
    [own] = YAML(typ="safe").load(lab_registry)["config"]["longshore:engine"]["registries"]
    setting(running, image=f"{own}/shop-web:1.1")
    locked = running.ok("images", "lock", "--stack", "lab")
    [digest] = re.findall(r"new +\S+/shop-web:1\.1  (sha256:\w{64})", locked)
    assert "ok (1 images)" in running.ok("images", "lock", "--check", "--stack", "lab")
    setting(running, image=f"{own}/shop-web:1.0")
    stale = running.run("preview", "--stack", "lab")
    assert stale.code != 0
    assert "services.web.image: `" in stale.output
    assert "longshore images lock -s lab" in stale.output
    setting(running, image=f"{own}/shop-web:1.1")

    copy = ("images", "mirror", "--stack", "lab", "--to", f"{registry.host}/m", "--ca", str(registry.authorities))
    refused = running.run(*copy)
    assert refused.code == 3
    assert "asks for credentials, and there are none" in refused.output
    host = own_registry.place(running)
    logins = {each: {"user": USER, "command": ["cat", str(registry.token)]} for each in (registry.host, host)}
    write(running, lambda config: config.update({"longshore:registries": logins}))
    assert "0 there already" in running.ok(*copy)
    assert "0 blobs sent" in running.ok(*copy)

    mirrored = copy_of(running, f"{own}/shop-web:1.1@{digest}")
    assert mirrored.endswith(digest)
    setting(running, image=mirrored)
    declared = own_registry.declaration(own_registry.pushed(running, own), host, registry)
    write(running, lambda config: config.update({"longshore:registry": declared}))
    own_registry.encrypt(running, registry)
    running.ok("images", "lock", "--stack", "lab")
    running.ok("up", "--stack", "lab", "--yes")
    assert running.until(lambda: image_of(running) == mirrored, LONG)
    tasks = on_manager(running, TASKS)
    assert f"web: the login at {registry.host} is new" in running.ok("images", "login", "--stack", "lab")
    running.ok("preview", "--stack", "lab", "--expect-no-changes")
    assert on_manager(running, TASKS) == tasks
    assert PASSWORD not in json.dumps(running.ok("pulumi", "stack", "export", "--stack", "lab"))

    registry.token.write_text(f"{PASSWORD}-renewed")
    assert running.steps() == [Step("update", "docker", "lab-docker")]
    refused = running.run("images", "login", "--stack", "lab")
    assert (refused.code, PASSWORD in refused.output) == (5, False)
    registry.token.write_text(PASSWORD)


def test_the_stacks_own_registry_takes_images_and_collects_garbage(running: Project, registry: Vault) -> None:
    host = own_registry.place(running)
    running.ok("images", "mirror", "--stack", "lab", "--to", f"{host}/m", "--ca", str(registry.authorities))
    repository, _, digest = copy_of(running, image_of(running)).removeprefix(f"{host}/").partition("@")
    url = f"https://{host}/v2/{repository.rpartition(':')[0]}/manifests/{digest}"
    for login, status in ((None, 401), ((USER, PASSWORD), 202)):
        answer = requests.delete(url, auth=login, verify=str(registry.authorities), timeout=60)
        assert answer.status_code == status
    busy = running.run("images", "collect", "--stack", "lab")
    assert busy.code == 5
    assert "takes pushes, which garbage collection would break" in busy.output
    write(running, lambda config: config["longshore:registry"].update(read_only=True))
    running.ok("up", "--stack", "lab", "--yes")
    [count] = re.findall(r"registry: (\d+) blobs removed", running.ok("images", "collect", "--stack", "lab"))
    assert int(count) > 0


def test_a_registry_killed_under_a_pull_fails_the_update_and_nothing_else(running: Project, registry: Vault) -> None:
    urls = re.findall(r"(http://[0-9.]+:\d+/) 200 OK", running.ok("status"))
    before = image_of(running)
    running.ok(
        "images", "mirror", "--stack", "lab", "--to", f"{registry.host}/other", "--ca", str(registry.authorities)
    )
    other = copy_of(running, before)

    def look(seen: Seen) -> None:
        seen.values.append(answering(urls))

    setting(running, image=other)
    running.docker("pause", registry.container)
    with repeating(look, 0.5) as seen:
        process = running.start("up", "--stack", "lab", "--yes")
        preparing = "docker service ps web --filter desired-state=running --format {{.CurrentState}}"
        pulling = lambda: process.poll() is not None or "Preparing" in on_manager(running, preparing)  # noqa: E731
        assert running.until(pulling, LONG)
        running.docker("kill", registry.container)
        output, _ = process.communicate()
    print(output)
    assert process.returncode != 0
    assert f"the registry {registry.host} can't be reached" in output
    assert "bring it back, then run `up` again" in output
    assert "Traceback" not in output
    assert min(seen.values) >= 1
    assert running.until(lambda: image_of(running) == before and answering(urls) == len(urls), LONG)

    running.docker("start", registry.container)
    running.ok("up", "--stack", "lab", "--yes")
    assert running.until(lambda: image_of(running) == other and answering(urls) == len(urls), LONG)
