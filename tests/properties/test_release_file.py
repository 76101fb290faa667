"""A release file says what was cut, whatever is in it; and no edit of it goes unnoticed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spec import release_file
from spec.errors import ReleaseError
from spec.release import Release
from tests.releases import image, release

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True)
IMAGES = st.dictionaries(NAMES, st.builds(image, st.sampled_from("0123456789abcdef"), st.sampled_from(["1.0", None])))


@given(IMAGES, TEXTS, st.lists(TEXTS, max_size=4), st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_it_comes_back_as_it_was_cut(images: object, by: str, changelog: list[str], providers: object) -> None:
    made = release(1, images=images, by=by, changelog=changelog, providers=providers)
    assert release_file.parse(release_file.render(made), f"{made.id}.yaml") == made


MADE = release(1, changelog=("Adds a page", "Mends it"), providers={"docker": "5.1.0"})
TEXT = release_file.render(MADE)


@settings(max_examples=300)
@given(st.integers(0, len(TEXT) - 1), st.sampled_from("0aZ:' #\n-"), st.booleans())
def test_an_edit_is_refused_or_changes_nothing(place: int, character: str, inserts: bool) -> None:
    edited = TEXT[:place] + character + TEXT[place + (not inserts) :]
    assert read(edited) in (MADE, None)


@given(st.data())
def test_a_missing_line_is_refused_or_changes_nothing(data: st.DataObject) -> None:
    lines = TEXT.splitlines(keepends=True)
    gone = data.draw(st.integers(0, len(lines) - 1))
    assert read("".join(lines[:gone] + lines[gone + 1 :])) in (MADE, None)


def read(text: str) -> Release | None:
    try:
        return release_file.parse(text, f"{MADE.id}.yaml")
    except ReleaseError:
        return None
