import pytest

from images import blob as blobs
from images.blob import Blob
from images.reference import Reference
from images.registry import Registry
from images.session import Session
from spec.errors import ImageError
from tests.unit.images.server import Held, digest, registry

CONTENT = bytes(range(256)) * 40
BLOB = Blob(digest(CONTENT), len(CONTENT))


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "PIECE", 3000)


def copied(source: Held, target: Held, blob: Blob = BLOB, mount: str | None = None) -> bool:
    ends = [Registry(Session(each.host, None, pause=lambda _: None)) for each in (source, target)]
    here, there = Reference(source.host, "web"), Reference(target.host, "m/web")
    return blobs.copy(ends[0], here, ends[1], there, blob, mount)


def test_a_blob_arrives_whole_in_pieces() -> None:
    with registry() as source, registry() as target:
        source.blob("web", CONTENT)
        assert copied(source, target)
        assert target.blobs == {("m/web", BLOB.digest): CONTENT}
        assert target.count("PATCH") == 4


def test_an_upload_that_breaks_goes_on_behind_what_arrived() -> None:
    with registry() as source, registry(cuts=[1000, 1500]) as target:
        source.blob("web", CONTENT)
        assert copied(source, target)
        assert target.blobs["m/web", BLOB.digest] == CONTENT
        assert target.count("POST") == 1
        assert target.count("PATCH cut") == 2


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_breaks_goes_on_where_it_broke_even_without_ranges(ranges: bool) -> None:
    with registry(cuts=[4000, 100], ranges=ranges) as source, registry() as target:
        source.blob("web", CONTENT)
        assert copied(source, target)
        assert target.blobs["m/web", BLOB.digest] == CONTENT


def test_an_upload_that_the_target_forgot_begins_anew() -> None:
    with registry() as source, registry(cuts=[0]) as target:
        source.blob("web", CONTENT)
        assert copied(source, target)
        assert target.count("POST") == 2
        assert target.blobs["m/web", BLOB.digest] == CONTENT


def test_a_transfer_that_gets_no_further_is_given_up() -> None:
    with registry(cuts=[0] * 20) as source, registry() as target:
        source.blob("web", CONTENT)
        with pytest.raises(ImageError, match="breaks off again and again"):
            copied(source, target)


def test_a_transfer_that_always_begins_anew_and_breaks_at_the_same_place_is_given_up() -> None:
    with registry() as source, registry(cuts=[3000, 0] * 20, forgets=True) as target:
        source.blob("web", CONTENT)
        with pytest.raises(ImageError, match="breaks off again and again"):
            copied(source, target)
        assert target.count("POST") < 10


def test_a_blob_that_the_target_has_elsewhere_is_not_sent() -> None:
    with registry() as source, registry() as target:
        source.blob("web", CONTENT)
        target.blob("other", CONTENT)
        assert not copied(source, target, mount="other")
        assert target.count("PATCH") == 0
        assert target.blobs["m/web", BLOB.digest] == CONTENT


def test_another_content_than_the_digest_says_is_refused() -> None:
    with registry() as source, registry() as target:
        source.blobs["web", BLOB.digest] = CONTENT[::-1]
        with pytest.raises(ImageError, match="isn't what its digest says"):
            copied(source, target)
        assert target.blobs == {}


def test_an_empty_blob_arrives() -> None:
    with registry() as source, registry() as target:
        source.blob("web", b"")
        assert copied(source, target, Blob(digest(b""), 0))
        assert target.blobs == {("m/web", digest(b"")): b""}


def test_a_blob_that_the_source_lacks_is_told() -> None:
    with registry() as source, registry() as target, pytest.raises(ImageError, match="has no such image"):
        copied(source, target)
