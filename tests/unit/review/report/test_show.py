"""Values on one line: units, images, lengths."""

from __future__ import annotations

from typing import Any

import pytest

from review.report.show import LONGEST, cap, image, image_parts, is_image, quantity, show, unit

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("memory", "MiB"),
        ("disks[data].size", "GiB"),
        ("disks[0].size", "GiB"),
        ("size", "GiB"),
        ("taskSpec.resources.reservation.memoryBytes", "bytes"),
        ("taskSpec.resources.limits.nanoCpus", "cpus"),
        ("shutdownWaitTimeout", "min"),
        ("timeouts[0]", ""),
        ("subnetSize", ""),
        ("numCpus", ""),
        ("memory.extra", ""),
        ("", ""),
        ('labels["memory"]', ""),
    ],
)
def test_the_unit_of_a_number_is_known_by_its_place(path: str, name: str) -> None:
    assert unit(path) == name


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (4096, "MiB", "4096 MiB"),
        (3, "", "3"),
        (1.5, "", "1.5"),
        (0.1 + 0.2, "", "0.3"),
        (12345678901, "", "12345678901"),
        (1500000000, "cpus", "1.5 cpus"),
        (0, "bytes", "0 bytes"),
        (1023, "bytes", "1023 bytes"),
        (1024, "bytes", "1 KiB"),
        (1536 * 1024, "bytes", "1.5 MiB"),
        (8 * 1024**3, "bytes", "8 GiB"),
        (2048 * 1024**3, "bytes", "2048 GiB"),
    ],
)
def test_quantities(value: float, name: str, shown: str) -> None:
    assert quantity(value, name) == shown


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("memory", None, "(none)"),
        ("memory", True, "true"),
        ("memory", "8192", "8192"),
        ("x", "", '""'),
        ("x", "a\r\nb", "a⏎b"),
        ("x", [], "[]"),
        ("x", {"ü": [1, None]}, '{"ü": [1, null]}'),
        ("x", "z" * LONGEST, "z" * LONGEST),
        ("image", f"web@{DIGEST}", "web@sha256:abababababab…"),
        ("name", f"web@{DIGEST}", f"web@{DIGEST}"),
    ],
)
def test_values(path: str, value: Any, shown: str) -> None:
    assert show(path, value) == shown


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {2, 3}}, [b"x"], {"d": __import__("datetime").date(2026, 1, 2)}])
def test_a_value_that_json_does_not_know_is_shown_all_the_same(value: Any) -> None:
    assert show("x", value)


@pytest.mark.parametrize(
    ("path", "yes"),
    [
        ("image", True),
        ("taskSpec.containerSpec.image", True),
        ("imageId", False),
        ("images", False),
        ("myimage", False),
    ],
)
def test_where_an_image_stands(path: str, yes: bool) -> None:
    assert is_image(path) is yes


@pytest.mark.parametrize("reference", ["web", "web:1", "registry:5000/web:1", "not an image", ""])
def test_an_image_without_a_digest_is_shown_whole(reference: str) -> None:
    assert image(reference) == reference


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("web:1", "web:2", "tag"),
        ("web:1", "api:1", "repository"),
        (f"web:1@{DIGEST}", "web:1", "digest"),
        ("web", f"api:2@{DIGEST}", "repository, tag, digest"),
        ("web:1", None, ""),
        (None, "web:1", ""),
        ("web:1", "«computed»", ""),
    ],
)
def test_which_parts_of_an_image_differ(before: Any, after: Any, parts: str) -> None:
    assert image_parts(before, after) == parts


def test_a_text_is_cut_with_a_note_of_its_length() -> None:
    assert cap("abc", 3) == "abc"
    assert cap("abcd", 3) == "abc… (4 characters)"
