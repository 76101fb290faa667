"""What an image's change brings: in services, in containers and in images by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review.ask import Steps, ask, create, same, says, step

A, B = ("@sha256:" + letter * 64 for letter in "ab")


def run(old: str | None, new: str, kind: str = "service") -> Steps:
    def spec(image: str) -> dict[str, Any]:
        if kind == "service":
            return {"taskSpec": {"containerSpec": {"image": image}}}
        return {"image": image} if kind == "container" else {"name": image}

    return step("update" if old else "create", kind, "web", spec(old) if old else None, spec(new))


@pytest.mark.parametrize("kind", ["service", "container", "image"])
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("acme/web:1", "acme/web:2", "`web`: `acme/web:2` has no digest."),
        ("acme/web:1" + A, "acme/web:1", "`web`: `acme/web:1` has no digest."),
        (None, "web:2", "`web`: `web:2` has no digest."),
        (None, "web", "`web`: `web:latest` has no digest (any version)."),
        ("web:1", "web:latest", "`web`: `web:latest` has no digest (any version)."),
        ("web:1", "web:2" + A, ""),
        ("web:1", "web:1", ""),
        (None, "sha256:" + "a" * 64, ""),
        (None, "«computed»", ""),
    ],
)
def test_an_image_without_a_digest(kind: str, old: str | None, new: str, sentence: str) -> None:
    assert says("IMAGE-UNPINNED", run(old, new, kind)) == sentence


def test_an_image_that_stays_is_not_judged() -> None:
    assert says("IMAGE-UNPINNED", same("container", "web", image="web")) == ""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("web:1" + A, "web:1" + B, "`web`: `web:1` now has another content under the same tag."),
        ("web:1" + A, "web:2" + B, ""),
        ("web:1" + A, "other:1" + B, ""),
        ("web:1", "web:1" + B, ""),
        ("web:1" + A, "web:1", ""),
        ("web" + A, "web" + B, ""),
    ],
)
def test_a_tag_that_was_pushed_over(old: str, new: str, sentence: str) -> None:
    assert says("IMAGE-TAG-MOVED", run(old, new)) == sentence


def test_a_moved_tag_is_told_with_both_contents() -> None:
    (risk,) = ask("IMAGE-TAG-MOVED", run("web:1" + A, "web:1" + B))
    assert risk.why == f"sha256:{'a' * 12}… → sha256:{'b' * 12}…"


@pytest.mark.parametrize(
    ("old", "new", "sentence", "severity"),
    [
        ("web:1.10.0", "web:1.9.9", "`web`: `web` goes back from 1.10.0 to 1.9.9.", "WARN"),
        ("web:2", "web:1.9" + A, "`web`: `web` goes back from 2 to 1.9.", "WARN"),
        (
            "r:5000/postgres:16.2",
            "r:5000/postgres:16.1",
            "`web`: `r:5000/postgres` goes back from 16.2 to 16.1.",
            "ACK",
        ),
        ("web:1.9", "web:1.10", "", ""),
        ("web:1.9", "web:1.9-alpine", "", ""),
        ("postgres:16.2", "postgres:16", "", ""),
        ("web:1.24.3", "web:1.25rc1", "", ""),
        ("web:2", "other:1", "", ""),
        ("web:2", "web:stable", "", ""),
        (None, "web:1", "", ""),
    ],
)
def test_an_older_version(old: str | None, new: str, sentence: str, severity: str) -> None:
    found = ask("IMAGE-DOWNGRADE", run(old, new))
    assert [(risk.what, risk.severity.name) for risk in found] == ([(sentence, severity)] if sentence else [])


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("web:1.9", "web:2.0", "WARN"),
        ("web:1.9", "web:3", "WARN"),
        ("mysql:8.0", "mysql:9.1", "ACK"),
        ("postgres:15-alpine", "postgres:17-bookworm", "ACK"),
        ("web:1.9", "web:1.10", None),
        ("web:2.0", "web:1.0", None),
        ("postgres:16.1", "postgres:16.9", None),
        ("postgres:15", "mysql:16", None),
        ("web:main", "web:2", None),
    ],
)
def test_a_new_major_version(old: str, new: str, severity: str | None) -> None:
    found = ask("IMAGE-MAJOR-JUMP", run(old, new))
    assert [risk.severity.name for risk in found] == ([severity] if severity else [])
    for risk in found:
        assert f"goes from {old.partition(':')[2]} to {new.partition(':')[2]}." in risk.what
        assert risk.do == ("dump the data first: there is no way back" if severity == "ACK" else "")


@pytest.mark.parametrize(
    ("new", "around", "sentence"),
    [
        ("web:2" + B, {"release": "r7", "release_digests": [A[1:]]}, "`web`: `web:2` is not in r7."),
        ("web:2" + B, {"release_digests": []}, "`web`: `web:2` is not in the release."),
        ("web" + B, {"release_digests": []}, f"`web`: `web@sha256:{'b' * 12}…` is not in the release."),
        ("web:2", {"release_digests": [A[1:]]}, "`web`: `web:2` is not in the release."),
        ("web:2" + B, {"release_digests": [A[1:], B[1:]]}, ""),
        ("web:2" + B, {"release": "r7"}, ""),
        ("web:2" + B, {}, ""),
    ],
)
def test_an_image_that_is_not_of_the_release(new: str, around: dict[str, object], sentence: str) -> None:
    assert says("IMAGE-NOT-FROM-RELEASE", run("web:1" + A, new), **around) == sentence


def test_every_image_is_judged_by_itself() -> None:
    both = [run("web:1", "web:2", kind) for kind in ("service", "container")]
    found = ask("IMAGE-UNPINNED", *both, create("image", "img", name="img:1"))
    assert [risk.what for risk in found] == [
        "`web`: `web:2` has no digest.",
        "`img`: `img:1` has no digest.",
        "`web`: `web:2` has no digest.",
    ]
