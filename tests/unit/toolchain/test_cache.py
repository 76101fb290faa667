from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lab.toolchain import cache
from lab.toolchain.component import Component


def test_cache_is_under_xdg_cache_home_or_the_home_folder() -> None:
    assert cache.root({"XDG_CACHE_HOME": "/x", "HOME": "/h"}) == Path("/x/longshore/toolchain")
    assert cache.root({"XDG_CACHE_HOME": "", "HOME": "/h"}) == Path("/h/.cache/longshore/toolchain")


@pytest.mark.parametrize("name", ["main.go", "go.mod", "go.sum", "_reexport/provider.go"])
def test_any_source_file_changes_the_hash(tiny: Component, name: str) -> None:
    before = cache.content_hash(tiny)
    path = tiny.source / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed")
    assert cache.content_hash(tiny) != before


def test_a_renamed_file_changes_the_hash(tiny: Component) -> None:
    before = cache.content_hash(tiny)
    (tiny.source / "main.go").rename(tiny.source / "other.go")
    assert cache.content_hash(tiny) != before


def test_the_recipe_changes_the_hash(tiny: Component) -> None:
    assert cache.content_hash(replace(tiny, tags="no_compose")) != cache.content_hash(tiny)


def test_the_hash_is_the_same_in_another_checkout(tiny: Component, tmp_path: Path) -> None:
    shutil.copytree(tiny.home, tmp_path / "elsewhere")
    assert cache.content_hash(replace(tiny, home=tmp_path / "elsewhere")) == cache.content_hash(tiny)


def test_a_folder_without_the_binary_is_not_built(tiny: Component, tmp_path: Path) -> None:
    cache.entry(tmp_path, tiny).mkdir()
    assert not cache.is_built(tmp_path, tiny)
    (cache.entry(tmp_path, tiny) / tiny.binary).touch()
    assert cache.is_built(tmp_path, tiny)


def test_a_held_lock_makes_the_next_one_wait_until_it_gives_up(tmp_path: Path) -> None:
    def give_up() -> None:
        raise TimeoutError

    place = tmp_path / "cache" / "tiny-1"
    with cache.locked(place, give_up):  # noqa: SIM117 - the order is the point
        with pytest.raises(TimeoutError), cache.locked(place, give_up):
            pytest.fail("two at once")
    with cache.locked(place, give_up):
        pass


def test_go_runs_without_a_compiler_and_honours_go_sum() -> None:
    env = cache.go_environment({"PATH": "/p", "GOFLAGS": "-mod=mod", "GOPROXY": "http://mirror"})
    assert env["CGO_ENABLED"] == "0"
    assert "-mod=readonly" in env["GOFLAGS"]
    assert "-mod=mod" not in env["GOFLAGS"]
    assert env["GOPROXY"] == "http://mirror"
