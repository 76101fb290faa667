"""A release is what was cut, whoever reads it."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from pathlib import Path

import pulumi
import pytest

from spec import release_file
from spec.errors import ReleaseError, SpecError
from spec.load import check_file, load_spec, unreleased, written
from spec.lock import released
from spec.release import content_hash
from tests.releases import NOON, image, release, saved
from tests.specs import services, values
from tests.unit.spec.test_load import write


def refusal(text: str, name: str) -> str:
    with pytest.raises(ReleaseError) as caught:
        release_file.parse(text, name)
    return str(caught.value)


def test_its_name_is_its_day_a_number_and_its_content() -> None:
    made = release(3)
    assert made.id == f"2026.11.25-3-{made.hash[7:15]}"
    assert made.file == f"releases/{made.id}.yaml"
    assert release(4).hash == made.hash
    assert release(3, by="Bob").hash != made.hash


def test_a_file_gives_back_what_was_cut() -> None:
    made = release(
        providers={"docker": "5.1.0"}, changelog=("Fixes: a colon", "Adds # a hash"), images={"web": image(tag=None)}
    )
    assert release_file.parse(release_file.render(made), f"{made.id}.yaml") == made


def test_the_same_moment_elsewhere_is_the_same_content() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    assert content_hash(release(created=there)) == content_hash(release())


@pytest.mark.parametrize(
    ("before", "after"),
    [("tag: '1.0'", "tag: '1.1'"), ("by: Ada", "by: Eve"), ("a" * 64, "b" * 64), ("stack: dev", "stack: prod")],
)
def test_an_edited_file_is_refused(before: str, after: str) -> None:
    made = release()
    text = release_file.render(made)
    assert before in text
    said = refusal(text.replace(before, after), f"{made.id}.yaml")
    assert said.startswith(f"stacks/releases/{made.id}.yaml: its content is not what was cut")
    assert "longshore release cut" in said


def test_an_edited_hash_is_refused_with_it() -> None:
    made, other = release(), release(by="Eve")
    text = release_file.render(made).replace("by: Ada", "by: Eve").replace(made.hash, other.hash)
    assert "its id is not the one of its content" in refusal(text, f"{made.id}.yaml")


def test_a_renamed_file_is_refused() -> None:
    assert "never renamed" in refusal(release_file.render(release(1)), f"{release(2).id}.yaml")


@pytest.mark.parametrize("text", ["", "[]", "a: [", "id: 1\n", "\x00", "id: !!int x"])
def test_what_is_no_release_is_told_as_such(text: str) -> None:
    assert refusal(text, "x.yaml").startswith("stacks/releases/x.yaml")


def test_a_release_for_a_newer_program_is_refused() -> None:
    made = release(spec_version=99)
    assert "speaks version 99" in refusal(release_file.render(made), f"{made.id}.yaml")


def test_a_locked_stack_runs_the_releases_images(tmp_path: Path) -> None:
    made = saved(tmp_path, images={"web": image("c", "2.0")})
    file = write(tmp_path / "stacks", {"release": made.file})
    assert check_file(file, tmp_path).services["web"].image == f"registry.test/web:2.0@sha256:{'c' * 64}"


def test_the_running_program_takes_its_images_too(tmp_path: Path) -> None:
    made = saved(tmp_path, images={"web": image("c", "2.0")})
    config = {f"longshore:{key}": json.dumps(value) for key, value in values().items()}
    pulumi.runtime.set_all_config({**config, "longshore:release": made.file})
    spec = load_spec(pulumi.Config("longshore"), "dev", tmp_path)
    assert spec.services["web"].image == made.images["web"].pinned


def test_a_services_layer_takes_them_as_well(tmp_path: Path) -> None:
    made = saved(tmp_path, images={"web": image("c", "2.0")})
    spec = services().model_copy(update={"release": made.file})
    assert released(spec, "stacks/Pulumi.dev.yaml", tmp_path).services["web"].image == made.images["web"].pinned


def test_services_of_compose_files_take_them_too(tmp_path: Path) -> None:
    made = saved(tmp_path, images={"web": image(), "cache": image("d", "7.2", "registry.test/cache")})
    (tmp_path / "compose.yaml").write_text("services:\n  cache:\n    image: other.test/cache:1\n")
    file = write(tmp_path / "stacks", {"release": made.file, "compose": {"files": ["compose.yaml"]}})
    images = {name: each.image for name, each in check_file(file, tmp_path).services.items()}
    assert images == {name: each.pinned for name, each in made.images.items()}
    assert unreleased(file, tmp_path).services["cache"].image == "other.test/cache:1"


def test_a_service_that_the_release_lacks_is_named(tmp_path: Path) -> None:
    made = saved(tmp_path, images={"worker": image()})
    with pytest.raises(SpecError, match=r"services\.web: the release .* has no image of it; it has: worker"):
        check_file(write(tmp_path / "stacks", {"release": made.file}), tmp_path)


def test_a_lock_on_no_release_is_named(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    with pytest.raises(ReleaseError, match="there is no such release"):
        check_file(write(tmp_path / "stacks", {"release": release().file}), tmp_path)


def test_a_lock_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    with pytest.raises(SpecError, match=r"release: .*pattern"):
        check_file(write(tmp_path / "stacks", {"release": "releases/../../secret.yaml"}), tmp_path)


def test_what_the_stack_file_itself_says_can_still_be_read(tmp_path: Path) -> None:
    made = saved(tmp_path)
    file = write(tmp_path / "stacks", {"release": made.file})
    assert unreleased(file, tmp_path).services["web"].image == "registry.test/web:1.0"
    assert written(file, tmp_path)["release"] == made.file
