"""Which stacks a change touches."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.touched import stacks, touched

KNOWN = ("dev", "prod", "staging")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("stacks/Pulumi.dev.yaml", ("dev",)),
        ("stacks/Pulumi.gone.yaml", ()),
        ("stacks/images.prod.lock.yaml", ("prod",)),
        ("stacks/images.dev.mirror.yaml", ("dev",)),
        ("stacks/images.gone.lock.yaml", ()),
        ("stacks/releases/2026-11-24.yaml", KNOWN),
        ("__main__.py", KNOWN),
        ("Pulumi.yaml", KNOWN),
        ("spec/pool.py", KNOWN),
        ("components/targets/vsphere.py", KNOWN),
        ("providers/swarm/node.py", KNOWN),
        ("examples/shop/shop.toml", KNOWN),
        ("requirements.lock", KNOWN),
        (".review.yaml", KNOWN),
        ("policy/rules.py", KNOWN),
        ("something/new", KNOWN),
        ("README.md", ()),
        ("docs/adr/0004-x.md", ()),
        ("tests/unit/test_x.py", ()),
        ("cli/main.py", ()),
        ("images/mirror.py", ()),
        ("lab/stack.yaml.j2", ()),
        ("review/rules/swarm.py", ()),
        ("stacks/schema.json", ()),
        (".github/workflows/review.yml", ()),
        (".review-acks.yaml", ()),
    ],
)
def test_a_file_touches(file: str, expected: tuple[str, ...]) -> None:
    assert touched([file], KNOWN) == expected


def test_several_files_touch_what_each_does() -> None:
    assert touched(["stacks/Pulumi.prod.yaml", "docs/a.md", "stacks/Pulumi.dev.yaml"], KNOWN) == ("dev", "prod")


def test_only_stacks_that_were_named_are_touched() -> None:
    assert touched(["__main__.py"], ("dev",)) == ("dev",)


@settings(deadline=None)
@given(st.lists(st.text(min_size=1)))
def test_more_files_never_touch_less(files: list[str]) -> None:
    assert set(touched(files, KNOWN)) <= set(touched([*files, "stacks/Pulumi.dev.yaml"], KNOWN)) <= set(KNOWN)


def test_stacks_are_those_with_a_file_save_examples(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    for name in ("Pulumi.prod.yaml", "Pulumi.eu-1.yaml", "Pulumi.example-vsphere.yaml", "schema.json", "Pulumi.yaml"):
        (tmp_path / "stacks" / name).touch()
    assert stacks(tmp_path) == ("eu-1", "prod")
