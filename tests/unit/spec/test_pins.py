"""The lock and the mirror map of a stack: applied to its images, and named with their place when they don't fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spec.errors import SpecError
from spec.pins import pinned
from tests.specs import stack
from tests.unit.spec.test_own_registry import OWN

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
WEB = "registry.test/web:1.0"
COPY = f"m.io/registry.test/web:1.0@{A}"


def write(root: Path, kind: str, text: str) -> None:
    (root / "stacks").mkdir(exist_ok=True)
    (root / "stacks" / f"images.dev.{kind}.yaml").write_text(text)


def image(root: Path, changes: dict[str, Any] | None = None) -> str:
    return pinned(stack(changes), "dev", root).services["web"].image


def refusal(root: Path, changes: dict[str, Any] | None = None) -> str:
    with pytest.raises(SpecError) as caught:
        image(root, changes)
    return str(caught.value)


def test_without_a_lock_images_stay_as_they_are_written(tmp_path: Path) -> None:
    assert image(tmp_path) == WEB


def test_a_locked_tag_keeps_its_tag_and_gets_its_digest(tmp_path: Path) -> None:
    write(tmp_path, "lock", f"images:\n  {WEB}: {A}\n")
    assert image(tmp_path) == f"{WEB}@{A}"


def test_a_digest_of_its_own_wins(tmp_path: Path) -> None:
    write(tmp_path, "lock", f"images:\n  {WEB}: {A}\n")
    assert image(tmp_path, {"services.web.image": f"{WEB}@{B}"}) == f"{WEB}@{B}"


def test_a_tag_that_the_lock_lacks_is_an_error_with_place_and_fix(tmp_path: Path) -> None:
    write(tmp_path, "lock", "images: {}\n")
    assert refusal(tmp_path) == (
        f"stacks/Pulumi.dev.yaml: services.web.image: `{WEB}` is not in stacks/images.dev.lock.yaml\n"
        "  -> lock it: `longshore images lock -s dev`"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("images: [", "stacks/images.dev.lock.yaml: is not YAML"),
        ("", "the file: should be a valid dictionary"),
        ("images: {}\nextra: 1\n", "extra: unknown key"),
        (f"images:\n  {WEB}: sha256:12\n", f"images.{WEB}: text should match pattern"),
        (f"images:\n  Not An Image: {A}\n", "text should match pattern"),
        (f'images:\n  "{WEB}@{A}": {A}\n', "has a digest already"),
    ],
)
def test_a_lock_broken_by_hand_is_named_with_the_way_out(tmp_path: Path, text: str, found: str) -> None:
    write(tmp_path, "lock", text)
    said = refusal(tmp_path)
    assert said.startswith("stacks/images.dev.lock.yaml")
    assert found in said
    assert "  -> " in said


MIRROR = {"mirror": {"registry": "m.io"}, "services.web.image": f"{WEB}@{A}"}


def test_a_mirrored_image_comes_from_the_mirror(tmp_path: Path) -> None:
    write(tmp_path, "mirror", f'registry: m.io\nimages:\n  "{WEB}@{A}": "{COPY}"\n')
    assert image(tmp_path, MIRROR) == COPY
    write(tmp_path, "lock", f"images:\n  {WEB}: {A}\n")
    assert image(tmp_path, {"mirror": {"registry": "m.io"}}) == COPY


@pytest.mark.parametrize(
    ("text", "changes", "found"),
    [
        (None, {}, "mirror.registry: is m.io, and there is no stacks/images.dev.mirror.yaml"),
        ("registry: n.io\nimages: {}\n", {}, "is m.io, and stacks/images.dev.mirror.yaml is of n.io"),
        ("registry: m.io\nimages: {}\n", {}, "was not copied to m.io yet"),
        ("registry: m.io\nimages: {}\n", {"services.web.image": WEB}, "has no digest, and a mirror serves"),
    ],
)
def test_what_is_not_in_the_mirror_is_told_before_anything_is_made(
    tmp_path: Path, text: str | None, changes: dict[str, Any], found: str
) -> None:
    if text:
        write(tmp_path, "mirror", text)
    said = refusal(tmp_path, MIRROR | changes)
    assert found in said
    assert "  -> " in said


def test_the_stacks_own_registry_is_locked_and_never_mirrored(tmp_path: Path) -> None:
    own = {"registry": OWN, **MIRROR}
    write(tmp_path, "mirror", f'registry: m.io\nimages:\n  "{WEB}@{A}": "{COPY}"\n')
    write(tmp_path, "lock", "images: {}\n")
    assert "registry.image: `docker.io/library/registry:2` is not in" in refusal(tmp_path, own)
    write(tmp_path, "lock", f"images:\n  docker.io/library/registry:2: {B}\n")
    found = pinned(stack(own), "dev", tmp_path)
    assert found.registry
    assert found.registry.image == f"docker.io/library/registry:2@{B}"


def test_the_ingress_is_locked_and_mirrored(tmp_path: Path) -> None:
    behind = {"ingress": {"image": "caddy:2.8"}, **MIRROR}
    write(tmp_path, "lock", "images: {}\n")
    assert "ingress.image: `caddy:2.8` is not in" in refusal(tmp_path, behind)
    write(tmp_path, "lock", f"images:\n  caddy:2.8: {B}\n")
    write(tmp_path, "mirror", f'registry: m.io\nimages:\n  "{WEB}@{A}": "{COPY}"\n')
    assert f"ingress.image: `caddy:2.8@{B}` was not copied to m.io yet" in refusal(tmp_path, behind)
    copy = f"m.io/docker.io/library/caddy:2.8@{B}"
    write(tmp_path, "mirror", f'registry: m.io\nimages: {{"{WEB}@{A}": "{COPY}", "caddy:2.8@{B}": "{copy}"}}\n')
    found = pinned(stack(behind), "dev", tmp_path)
    assert found.ingress
    assert found.ingress.image == copy
