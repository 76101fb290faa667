"""`longshore images`, with registries in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from cli import images as verbs
from cli import pulumi, root
from cli.main import app
from spec.errors import ImageError, SpecError
from spec.load import check_any
from tests.conftest import ROOT
from tests.unit.images.server import Held, registry

EXAMPLE = (ROOT / "stacks" / "Pulumi.example-vsphere.yaml").read_text()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(root, "ROOT", tmp_path)
    monkeypatch.setattr(verbs, "ROOT", tmp_path)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "stacks").mkdir()
    return tmp_path


@pytest.fixture
def held(project: Path) -> Iterator[Held]:
    """A registry with the images of stack `prod`."""
    with registry() as found:
        for tier in ("cache", "web", "worker"):
            found.image(f"shop-{tier}", [tier.encode()], "1.0")
        (project / "stacks" / "Pulumi.prod.yaml").write_text(EXAMPLE.replace("registry.example.com", found.host))
        yield found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["images", *arguments])


def lock(project: Path) -> dict[str, str]:
    return dict(YAML(typ="safe").load(project / "stacks" / "images.prod.lock.yaml")["images"])


def test_a_lock_pins_every_service_of_the_stack(project: Path, held: Held) -> None:
    assert run("lock", "-s", "prod").exit_code == 0
    spec = check_any(project / "stacks" / "Pulumi.prod.yaml")
    for name, service in spec.services.items():
        tag = f"{held.host}/shop-{name}:1.0"
        assert service.image == f"{tag}@{lock(project)[tag]}"
    checked = run("lock", "-s", "prod", "--check")
    assert (checked.exit_code, checked.stdout) == (0, "stacks/images.prod.lock.yaml: ok (3 images)\n")


def test_a_moved_tag_changes_the_lock_only_when_asked_and_only_that_one(project: Path, held: Held) -> None:
    run("lock", "-s", "prod")
    before = lock(project)
    moved = {tier: held.image(f"shop-{tier}", [b"new"], "1.0") for tier in ("web", "worker")}
    assert "moved" not in run("lock", "-s", "prod").stdout
    assert lock(project) == before
    assert f"moved    {held.host}/shop-web:1.0  {moved['web']}" in run("lock", "-s", "prod", "--update", "web").stdout
    assert lock(project) == before | {f"{held.host}/shop-web:1.0": moved["web"]}


def test_a_failure_leaves_the_lock_as_it_was(project: Path, held: Held) -> None:
    run("lock", "-s", "prod")
    before = (project / "stacks" / "images.prod.lock.yaml").read_text()
    del held.manifests["shop-worker", "1.0"]
    failed = run("lock", "-s", "prod", "--update", "all")
    assert isinstance(failed.exception, ImageError)
    assert "has no such image" in str(failed.exception)
    assert (project / "stacks" / "images.prod.lock.yaml").read_text() == before


def test_a_stale_lock_is_told_by_the_check(project: Path, held: Held) -> None:
    run("lock", "-s", "prod")
    file = project / "stacks" / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("shop-web:1.0", "shop-web:1.1"))
    stale = run("lock", "-s", "prod", "--check")
    assert isinstance(stale.exception, SpecError)
    assert f"images.{held.host}/shop-web:1.1: is missing, and web uses it" in str(stale.exception)
    assert f"images.{held.host}/shop-web:1.0: is used by no service any more" in str(stale.exception)


@pytest.mark.usefixtures("held")
def test_a_mirror_holds_what_the_stack_then_uses(project: Path) -> None:
    run("lock", "-s", "prod")
    with registry() as target:
        place = f"{target.host}/m"
        done = run("mirror", "-s", "prod", "--to", place)
        assert done.exit_code == 0, done.output
        assert f"images.prod.mirror.yaml: 3 images are in {place}" in done.stdout
        assert "3 images: 4 blobs sent" in done.stderr
        file = project / "stacks" / "Pulumi.prod.yaml"
        file.write_text(file.read_text() + f"  longshore:mirror: {{registry: '{place}'}}\n")
        for service in check_any(file).services.values():
            name, _, digest = service.image.partition("@")
            repository = name.removeprefix(f"{target.host}/").removesuffix(":1.0")
            assert (repository, digest) in target.manifests


def test_a_compose_files_images_are_copied_with_the_digests_they_have_now(project: Path, held: Held) -> None:
    file = project / "compose.yaml"
    file.write_text(f"services:\n  web: {{image: '{held.host}/shop-web:1.0'}}\n")
    with registry() as target:
        assert run("mirror", str(file), "--to", target.host).exit_code == 0
    copies = YAML(typ="safe").load(project / "compose.mirror.yaml")["images"]
    digest = held.manifests["shop-web", "1.0"]
    assert [image.partition("@")[0] for image in copies] == [f"{held.host}/shop-web:1.0"]
    assert digest == held.manifests["shop-web", next(iter(copies)).partition("@")[2]]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("lock", "-s", "nowhere"), "stacks/Pulumi.nowhere.yaml: can't be read"),
        (("mirror", "-s", "prod", "--to", "r.io"), "stacks/images.prod.lock.yaml: is missing"),
        (("lock", "-s", "prod", "--ca", "none.pem"), "none.pem: can't be read"),
        (("lock", "-s", "prod", "--update", "wbe"), "has no service or image `wbe`"),
        (("mirror", "-s", "prod", "--to", "https://r.io"), "--to: `https://r.io` is no registry"),
    ],
)
def test_a_mistake_is_told_and_writes_nothing(project: Path, held: Held, arguments: list[str], found: str) -> None:
    failed = run(*arguments)
    assert isinstance(failed.exception, SpecError)
    assert found in str(failed.exception)
    assert list((project / "stacks").glob("images.*")) == []
    assert held.asked == []


class Swarm:
    """A Swarm with the services of stack `prod`."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.renewed: list[tuple[str, str, str]] = []

    def services(self) -> list[dict[str, Any]]:
        images = {name: f"{self.host}/shop-{name}:1.0" for name in ("cache", "web")} | {"foreign": f"{self.host}/x"}
        return [
            {"Spec": {"Name": name, "TaskTemplate": {"ContainerSpec": {"Image": image}}}}
            for name, image in images.items()
        ]

    def renew_login(self, service: dict[str, Any], host: str, user: str, password: str) -> None:
        assert host == self.host
        self.renewed.append((service["Spec"]["Name"], user, password))


def test_a_login_is_renewed_by_the_stacks_command_which_runs_once(
    project: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    swarm = Swarm(held.host)
    monkeypatch.setattr(verbs, "swarm_of", lambda _: nullcontext(swarm))
    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": {}})
    file = project / "stacks" / "Pulumi.prod.yaml"
    command = "[sh, -c, 'echo ran >> ran; echo s3cret']"
    file.write_text(f"{file.read_text()}  longshore:registries:\n    {held.host}: {{user: dev, command: {command}}}\n")
    done = run("login", "-s", "prod")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [f"{name}: the login at {held.host} is new" for name in ("cache", "web")]
    assert swarm.renewed == [("cache", "dev", "s3cret"), ("web", "dev", "s3cret")]
    assert (project / "ran").read_text() == "ran\n"
    assert "s3cret" not in done.output


@pytest.mark.usefixtures("held", "project")
def test_there_is_nothing_to_collect_without_a_registry_of_ones_own() -> None:
    failed = run("collect", "-s", "prod")
    assert isinstance(failed.exception, SpecError)
    assert "registry: is missing" in str(failed.exception)
