"""Image references in their parts."""

from __future__ import annotations

import pytest

from review.images import Image, parse

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("web", ("web", "", "")),
        ("web:1", ("web", "1", "")),
        ("acme/web:v1.2-rc.1", ("acme/web", "v1.2-rc.1", "")),
        ("registry.acme/web", ("registry.acme/web", "", "")),
        ("registry.acme:5000/web", ("registry.acme:5000/web", "", "")),
        ("registry.acme:5000/team/web:1.2", ("registry.acme:5000/team/web", "1.2", "")),
        ("10.0.0.5:5000/web:2", ("10.0.0.5:5000/web", "2", "")),
        (f"web@{DIGEST}", ("web", "", DIGEST)),
        (f"registry:5000/web:1@{DIGEST}", ("registry:5000/web", "1", DIGEST)),
        ("localhost:5000/web:latest", ("localhost:5000/web", "latest", "")),
    ],
)
def test_a_reference_has_a_repository_a_tag_and_a_digest(reference: str, parts: tuple[str, str, str]) -> None:
    assert parse(reference) == parts


@pytest.mark.parametrize(
    "reference", ["", "two words", "web@", "web@sha256:short", "«hidden»", "«computed»", None, 3, ["web"], {"a": 1}]
)
def test_what_is_no_reference(reference: object) -> None:
    assert parse(reference) is None


@pytest.mark.parametrize(
    ("image", "pinned", "floating"),
    [
        (Image("web"), False, True),
        (Image("web", "latest"), False, True),
        (Image("web", "1.2"), False, False),
        (Image("web", "", DIGEST), True, False),
        (Image("web", "latest", DIGEST), True, False),
    ],
)
def test_how_much_a_reference_binds(image: Image, pinned: bool, floating: bool) -> None:
    assert (image.is_pinned, image.is_floating) == (pinned, floating)


@pytest.mark.parametrize(
    ("repo", "database"),
    [
        ("postgres", True),
        ("docker.io/library/postgres", True),
        ("registry:5000/mirror/mariadb", True),
        ("rabbitmq", True),
        ("postgres-exporter", False),
        ("acme/web", False),
        ("mysql/tools", False),
    ],
)
def test_a_database_is_told_by_the_last_word_of_its_repository(repo: str, database: bool) -> None:
    assert Image(repo).is_database is database


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("1", (1,)),
        ("1.2", (1, 2)),
        ("1.2.3", (1, 2, 3)),
        ("v2.0", (2, 0)),
        ("16-alpine", (16,)),
        ("1.2.3-rc.1", (1, 2, 3)),
        ("1.2.3+build.5", (1, 2, 3)),
        ("2026.11.24-1", (2026, 11, 24)),
        ("1.2.3.4", (1, 2, 3)),
        ("", None),
        ("latest", None),
        ("alpine-3.20", None),
        ("3f2c1ab9", None),
        ("17rc1", None),
    ],
)
def test_the_numbers_of_a_tag(tag: str, version: tuple[int, ...] | None) -> None:
    assert Image("web", tag).version() == version


def test_versions_compare_by_number_not_by_letter() -> None:
    older, newer = Image("web", "1.9.12").version(), Image("web", "1.10.0").version()
    assert older is not None
    assert newer is not None
    assert older < newer


@pytest.mark.parametrize(
    ("image", "label"),
    [
        (Image("web"), "web:latest"),
        (Image("r:5000/web", "1.2"), "r:5000/web:1.2"),
        (Image("web", "1.2", DIGEST), "web:1.2"),
        (Image("web", "", DIGEST), "web@sha256:0a0a0a0a0a0a…"),
    ],
)
def test_how_people_call_it(image: Image, label: str) -> None:
    assert image.label == label
