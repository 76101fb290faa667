"""Changing a pool in a stack file: only that, and nothing of how its author wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.errors import SpecError
from tests.unit.upkeep.stacks import TEXT, stack_file


def test_a_nodes_own_generation_is_one_line_more(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    file.set_generation("workers", 2, 5)
    assert file.path.read_text() == TEXT + "        generations: {2: 5}\n"
    assert file.pool("workers").generation_of(2) == 5
    assert file.pool("workers").generation_of(1) == 1


def test_a_pool_on_one_line_stays_on_one_line(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    file.set_generation("managers", 1, 2)
    file.set_generation("managers", 3, 2)
    before = "first_address: 10.20.0.11}"
    assert file.path.read_text() == TEXT.replace(before, before[:-1] + ", generations: {1: 2, 3: 2}}")


def test_a_finished_pool_has_one_generation(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    file.set_generation("workers", 1, 2)
    file.set_generation("workers", 2, 2)
    file.finish("workers", 2)
    assert file.path.read_text() == TEXT + "        generation: 2\n"


def test_a_node_is_kept_empty_and_given_back_without_a_trace(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    assert file.set_drained("workers", 2, True)
    assert file.path.read_text() == TEXT + "        drained: [2]\n"
    assert not file.set_drained("workers", 2, True)
    assert file.set_drained("workers", 1, True)
    assert file.pool("workers").drained == (1, 2)
    assert file.set_drained("workers", 2, False)
    assert file.set_drained("workers", 1, False)
    assert not file.set_drained("workers", 1, False)
    assert file.path.read_text() == TEXT


@pytest.mark.parametrize("dash", ["- ssh", "        - ssh"])
def test_lists_stay_indented_as_they_are(tmp_path: Path, dash: str) -> None:
    text = TEXT.replace("        - ssh", f"{'      ' if dash == '- ssh' else ''}{dash}")
    file = stack_file(tmp_path, text)
    file.set_generation("workers", 1, 2)
    assert file.path.read_text() == text + "        generations: {1: 2}\n"


def test_who_may_read_the_file_stays_so(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    file.path.chmod(0o640)
    file.set_generation("workers", 1, 2)
    assert file.path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == [file.path.name]


def test_a_node_is_found_by_its_name(tmp_path: Path) -> None:
    node = stack_file(tmp_path).node("shop-workers-2")
    assert (node.pool_name, node.number, str(node.address)) == ("workers", 2, "10.20.0.22")


def test_what_the_file_lacks_is_named_with_what_it_has(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    with pytest.raises(SpecError, match=r"has no `worker`\n  -> it has managers, workers"):
        file.pool("worker")
    with pytest.raises(
        SpecError, match=r"make no node `shop-workers-3`\n  -> nodes: shop-managers-1, .*shop-workers-2"
    ):
        file.node("shop-workers-3")
