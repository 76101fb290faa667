"""A change as lines: documents, long texts, hidden values, and never nothing at all."""

from __future__ import annotations

from typing import Any

import pytest

from review.marks import COMPUTED, HIDDEN, SEALED
from review.model import Change
from review.report.lines import MOST, lines

CLOUD = 'extraConfig["guestinfo.userdata"]'


def shown(before: Any, after: Any, path: str = "x", **more: Any) -> list[str]:
    change = Change(path=path, kind="update", before=before, after=after, **more)
    return [f"{line.sign}{line.text}" for line in lines(change)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1, 2, ["-x: 1", "+x: 2"]),
        (None, "a", ["+x: a"]),
        ("a", None, ["-x: a"]),
        (None, None, ["~x: (changed)"]),
        ("", "a", ['-x: ""', "+x: a"]),
        (False, True, ["-x: false", "+x: true"]),
        ("a", COMPUTED, ["-x: a", f"+x: {COMPUTED}"]),
        ([1], {"a": 1}, ["-x: [1]", '+x: {"a": 1}']),
        ("same", "same", ["~x: (a part that is not shown changes)"]),
    ],
)
def test_a_plain_change(before: Any, after: Any, expected: list[str]) -> None:
    assert shown(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (SEALED, SEALED, "~x: «secret, changed»"),
        (HIDDEN, HIDDEN, "~x: «hidden, changed»"),
        (HIDDEN, SEALED, "~x: «was plain, is secret now»"),
        (SEALED, HIDDEN, "~x: «was secret, is plain now»"),
        (None, SEALED, f"+x: {SEALED}"),
        (SEALED, None, f"-x: {SEALED}"),
        (SEALED, COMPUTED, f"~x: {SEALED} → {COMPUTED}"),
        (COMPUTED, HIDDEN, f"~x: {COMPUTED} → {HIDDEN}"),
        ("", HIDDEN, f"~x: {HIDDEN}"),
    ],
)
def test_a_hidden_change(before: Any, after: Any, expected: str) -> None:
    assert shown(before, after, concealed=True) == [expected]


def test_the_first_line_says_that_it_replaces() -> None:
    assert shown(1, 2, replaces=True) == ["-x: 1  (replaces)", "+x: 2"]
    assert shown(SEALED, SEALED, concealed=True, replaces=True) == ["~x: «secret, changed»  (replaces)"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('{"a": 1}', '{"a": 2}', ["-x → a: 1", "+x → a: 2"]),
        ('["a"]', '["a", "b"]', ['+x → [""][1]: b']),
        ('{"a": "{\\"b\\": 1}"}', '{"a": "{\\"b\\": 2}"}', ["-x → a → b: 1", "+x → a → b: 2"]),
        ('{"a": 1}', '{"a": 1, "b": null}', ['-x: {"a": 1}', '+x: {"a": 1, "b": null}']),
        ('{"a": 1}', '{"a": 1} ', ['-x: {"a": 1}', '+x: {"a": 1} ']),
        ('{"__a": 1}', '{"__a": 2}', ['-x: {"__a": 1}', '+x: {"__a": 2}']),
        ('{"a": 1}', "{broken", ['-x: {"a": 1}', "+x: {broken"]),
        ("A=1\nB=2", "A=1\nB=3", ["-x → B: 2", "+x → B: 3"]),
        ("# one\nA=1", "# two\nA=1", ["-x: # one⏎A=1", "+x: # two⏎A=1"]),
        ("A=1\nA=2\nB=1", "A=2\nB=1", ["-x: A=1⏎A=2⏎B=1", "+x: A=2⏎B=1"]),
    ],
)
def test_documents_are_compared_by_what_they_say(before: str, after: str, expected: list[str]) -> None:
    assert shown(before, after) == expected


def cloud(more: str) -> str:
    return f"#cloud-config\nhostname: a\n{more}\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a: 1", "a: 2", ["→ a: 1", "→ a: 2"]),
        ("expire: 2026-01-01", "expire: 2027-01-01", ["→ expire: 2026-01-01", "→ expire: 2027-01-01"]),
        (
            "users: []",
            "users: [{name: a, expiredate: 2032-09-01}]",
            ['→ users[a]: {"name": "a", "expiredate": "2032-09-01"}'],
        ),
        ("ports: {80: a}", "ports: {80: b}", ['→ ports["80"]: a', '→ ports["80"]: b']),
        ("m: {2026-01-01: a}", "m: {2026-01-01: b}", ["  m: {2026-01-01: a}", "  m: {2026-01-01: b}"]),
        ("b: !!binary aGVsbG8=", "b: !!binary d29ybGQ=", ["→ b:", "→ b:"]),
        ("s: !!set {a, b}", "s: !!set {a, c}", ["→ s", "→ s"]),
        ("t: !!python/name:os.system x", "t: 1", ["  t: !!python/name:os.system x", "  t: 1"]),
        ("f: .nan", "f: .inf", ["→ f:", "→ f:"]),
        ("n: 1_000", "n: 0x10", ["→ n:", "→ n:"]),
        ("broken: [", "broken: ]", ["  broken: [", "  broken: ]"]),
    ],
)
def test_whatever_cloud_init_holds_is_shown(old: str, new: str, expected: list[str]) -> None:
    found = [line for line in shown(cloud(old), cloud(new), CLOUD) if line[0] in "+-"]
    assert len(found) == len(expected)
    assert all(part in line for part, line in zip(expected, found, strict=True))


@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\n", "\n\n"), ("\n", "")])
def test_a_text_that_differs_in_its_ends_alone_says_so(ends: tuple[str, str]) -> None:
    old, new = (f"one{end}two{end}three{end}four{end}" for end in ends)
    found = shown(old, new)
    assert any(line[0] in "+-~" for line in found), found


def test_a_long_text_that_is_new_or_goes_is_shown_line_by_line() -> None:
    text = "\n".join("abcd")
    assert shown(None, text) == [" x:", "   …", "+  a", "+  b", "+  c", "+  d"]
    assert [line[0] for line in shown(text, None)] == [" ", " ", "-", "-", "-", "-"]


def test_lines_that_look_like_a_diff_s_own_marks_are_shown() -> None:
    old, new = "-- a\n++ b\n@@ c\nd\n", "-- A\n++ B\n@@ C\nd\n"
    assert {line for line in shown(old, new) if line[0] in "+-"} == {
        "-  -- a", "-  ++ b", "-  @@ c", "+  -- A", "+  ++ B", "+  @@ C"
    }  # fmt: skip


def test_an_image_says_which_of_its_parts_differ() -> None:
    digests = ["sha256:" + letter * 64 for letter in "ab"]
    old, new = f"web:1@{digests[0]}", f"web:2@{digests[1]}"
    assert shown(old, new, "taskSpec.containerSpec.image") == [
        f"-taskSpec.containerSpec.image: web:1@sha256:{'a' * 12}…",
        f"+taskSpec.containerSpec.image: web:2@sha256:{'b' * 12}…  (tag, digest)",
    ]


@pytest.mark.parametrize("count", [MOST, MOST + 1, MOST + 60])
def test_at_most_so_many_lines_and_one_that_counts_the_rest(count: int) -> None:
    found = shown("{}", "{" + ", ".join(f'"k{n}": {n}' for n in range(count)) + "}")
    if count <= MOST:
        assert len(found) == count
    else:
        assert len(found) == MOST + 1
        assert found[-1] == f" … {count - MOST} more lines"


def test_documents_within_documents_are_opened_only_so_deep() -> None:
    import json

    def nested(leaf: int, depth: int) -> str:
        return json.dumps({"a": leaf if depth == 0 else nested(leaf, depth - 1)})

    assert shown(nested(1, 2), nested(2, 2)) == ["-x → a → a → a: 1", "+x → a → a → a: 2"]
    assert shown(nested(1, 3), nested(2, 3))[0] == '-x → a → a → a: {"a": 1}'
