"""Property paths: written, read, shortened to their shape, followed into a value."""

from __future__ import annotations

from typing import Any

import pytest

from review.paths import child, item, lookup, parse, root, shape

MACHINE = {
    "name": "w1",
    "disks": [{"label": "root", "size": 20}, {"label": "data", "size": 100}],
    "extraConfig": {"guestinfo.userdata": "abc", 'quo"ted': "q", "back\\slash": "b"},
    "list": [[1, 2], [3]],
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("", ()),
        ("name", ("name",)),
        ("a.b.c", ("a", "b", "c")),
        ("a[0][12].b", ("a", 0, 12, "b")),
        ('["a.b"].c', ("a.b", "c")),
        ('a["b[0]"]', ("a", "b[0]")),
        ('a["\\\\"]', ("a", "\\")),
        ('a[""]', ("a", "")),
        ("ports[web/tcp].target", ("ports", "web/tcp", "target")),
        ("mounts[/var/lib/db].source", ("mounts", "/var/lib/db", "source")),
        ("$ref.x-y", ("$ref", "x-y")),
    ],
)
def test_a_path_is_split_into_names_and_indexes(path: str, parts: tuple[str | int, ...]) -> None:
    assert parse(path) == parts


@pytest.mark.parametrize("path", ["a[", "a]", '["', "a..b", ".", "[[", 'a["b', "a[0"])
def test_a_broken_path_is_read_as_far_as_it_goes(path: str) -> None:
    assert all(isinstance(part, str | int) for part in parse(path))


@pytest.mark.parametrize(
    ("path", "name", "longer"),
    [
        ("", "memory", "memory"),
        ("clone", "templateUuid", "clone.templateUuid"),
        ("labels", "a-b", "labels.a-b"),
        ("labels", "com.acme/x", 'labels["com.acme/x"]'),
        ("", "1st", '["1st"]'),
        ("env", 'say "hi"', 'env["say \\"hi\\""]'),
        ("env", "C:\\x", 'env["C:\\\\x"]'),
        ("env", "", 'env[""]'),
    ],
)
def test_a_property_s_path_is_quoted_when_its_name_is_not_plain(path: str, name: str, longer: str) -> None:
    assert child(path, name) == longer


@pytest.mark.parametrize(("key", "path"), [(0, "disks[0]"), ("data", "disks[data]"), (8080, "disks[8080]")])
def test_an_item_s_path_has_its_index_or_its_key(key: object, path: str) -> None:
    assert item("disks", key) == path


@pytest.mark.parametrize(
    ("path", "top"),
    [
        ("clone.templateUuid", "clone"),
        ("disks[0].size", "disks"),
        ('extraConfig["guestinfo.userdata"]', "extraConfig"),
        ('["a.b"].c', "a.b"),
        ("", ""),
    ],
)
def test_the_top_level_property(path: str, top: str) -> None:
    assert root(path) == top


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("disks[0].size", "disks[].size"),
        ("disks[data].size", "disks[].size"),
        ('extraConfig["guestinfo.userdata"]', "extraConfig[]"),
        ("a[0][1].b[x]", "a[][].b[]"),
        ("memory", "memory"),
    ],
)
def test_a_shape_forgets_which_item_it_was(path: str, form: str) -> None:
    assert shape(path) == form


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "w1"),
        ("disks[1].size", 100),
        ('extraConfig["guestinfo.userdata"]', "abc"),
        ('extraConfig["quo\\"ted"]', "q"),
        ('extraConfig["back\\\\slash"]', "b"),
        ("list[0][1]", 2),
        ("nothing", None),
        ("disks[9].size", None),
        ("disks.size", None),
        ("name.first", None),
        ("nothing.at.all", None),
        ("list[0][x]", None),
    ],
)
def test_a_path_is_followed_as_far_as_there_is_something(path: str, value: Any) -> None:
    assert lookup(MACHINE, path) == value


def test_the_empty_path_is_the_value_itself() -> None:
    assert lookup(MACHINE, "") is MACHINE
