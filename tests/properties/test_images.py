"""References are read as they are written; a lock reads back as it was made; a blob survives any breaks."""

from __future__ import annotations

import contextlib
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from images import blob as blobs
from images.blob import Blob
from images.lock import Locked, relocked, render
from images.mirror import place
from images.reference import Reference, parse
from images.registry import Registry
from images.session import Session
from spec.errors import ImageError
from spec.pins import Lock
from spec.service import ImageReference
from tests.unit.images.server import digest, registry

RELAXED = settings(max_examples=100, deadline=None)
HOSTS = st.one_of(st.from_regex(r"[a-z]{1,8}\.[a-z]{2,5}(:[0-9]{1,5})?", fullmatch=True), st.just("localhost"))
REPOSITORIES = st.from_regex(r"[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?(/[a-z0-9]{1,8}){0,3}", fullmatch=True)
TAGS = st.none() | st.from_regex(r"\w[\w.-]{0,20}", fullmatch=True).filter(str.isascii)
DIGESTS = st.from_regex(r"sha256:[a-f0-9]{64}", fullmatch=True)
REFERENCES = st.builds(Reference, HOSTS, REPOSITORIES, TAGS, st.none() | DIGESTS)


@RELAXED
@given(REFERENCES)
def test_a_reference_comes_back_as_it_went_in(reference: Reference) -> None:
    assert parse(str(reference)) == reference
    TypeAdapter(ImageReference).validate_python(str(reference))


@RELAXED
@given(st.text(max_size=30) | st.text("aB:/@.-_1", max_size=20))
def test_any_other_text_is_a_sentence_or_a_reference_that_prints_as_itself(text: str) -> None:
    with contextlib.suppress(ImageError):
        assert parse(str(parse(text))) == parse(text)


@RELAXED
@given(st.text("aB:/@.-_1", max_size=20))
def test_what_a_stack_file_takes_for_an_image_is_one(text: str) -> None:
    with contextlib.suppress(ValidationError):
        parse(TypeAdapter(ImageReference).validate_python(text))


@RELAXED
@given(REFERENCES, REFERENCES)
def test_two_images_never_meet_in_a_mirror(one: Reference, other: Reference) -> None:
    places = {str(place(each, "m.io/x").name) for each in (one, other)}
    assert len(places) == len({one.name, other.name})


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        REFERENCES.map(lambda each: str(Reference(each.host, each.repository, each.tag))), DIGESTS, max_size=4
    )
)
def test_a_lock_reads_back_and_locking_again_changes_nothing(images: dict[str, str]) -> None:
    text = render([Locked(image, images[image], "new") for image in sorted(images)], "dev")
    lock = Lock.model_validate(YAML(typ="safe").load(text))
    assert lock.images == images

    def nobody(image: str) -> str:
        raise AssertionError(image)

    assert render(relocked(images, lock, set(), nobody), "dev") == text


@settings(max_examples=25, deadline=None)
@given(
    content=st.binary(min_size=1, max_size=3000),
    piece=st.integers(1, 1000),
    here=st.lists(st.integers(1, 2000), max_size=4),
    there=st.lists(st.integers(2, 2000), max_size=4),
    ranges=st.booleans(),
)
def test_a_blob_arrives_whole_wherever_it_breaks(
    content: bytes, piece: int, here: list[int], there: list[int], ranges: bool
) -> None:
    blob = Blob(digest(content), len(content))
    with registry(cuts=list(here), ranges=ranges) as source, registry(cuts=list(there)) as target:
        source.blob("web", content)
        ends = [Registry(Session(each.host, None, pause=lambda _: None)) for each in (source, target)]
        with mock.patch.object(blobs, "PIECE", max(piece, 100)):
            assert blobs.copy(ends[0], Reference(source.host, "web"), ends[1], Reference(target.host, "w"), blob)
        assert target.blobs["w", blob.digest] == content
