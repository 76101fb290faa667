import pytest

from images import mirror
from images.reference import parse
from images.registry import Registry
from images.session import Session
from spec.errors import ImageError
from tests.unit.images.server import Held, registry


def run(source: Held, target: Held, *images: str, platforms: tuple[str, ...] = ()) -> tuple[dict[str, str], list[str]]:
    told: list[str] = []

    def connect(host: str) -> Registry:
        return Registry(Session(host, None, pause=lambda _: None))

    named = [f"{source.host}/{image}" for image in images]
    return mirror.mirrored(named, f"{target.host}/m", connect, platforms, told.append), told


def below(source: Held) -> str:
    return f"m/{source.host.replace(':', '-')}"


def two_platforms(source: Held) -> str:
    amd, arm = source.image("web", [b"base", b"amd"]), source.image("web", [b"base", b"arm"])
    return source.index("web", {"linux/amd64": amd, "linux/arm64": arm}, "1.0")


def test_an_index_is_copied_with_all_platforms_under_the_same_digest() -> None:
    with registry() as source, registry() as target:
        index = two_platforms(source)
        copies, told = run(source, target, f"web:1.0@{index}")
        home = below(source)
        assert copies == {f"{source.host}/web:1.0@{index}": f"{target.host}/{home}/web:1.0@{index}"}
        assert target.manifests[home + "/web", "1.0"] == source.manifests["web", "1.0"]
        assert {key[1] for key in target.blobs} == {key[1] for key in source.blobs}
        assert told[-1].startswith("1 images: 4 blobs sent")


def test_a_second_run_sends_nothing_and_reads_nothing_from_the_source() -> None:
    with registry() as source, registry() as target:
        index = two_platforms(source)
        run(source, target, f"web:1.0@{index}")
        source.asked.clear()
        _, told = run(source, target, f"web:1.0@{index}")
        assert source.asked == []
        assert told[-1].startswith("1 images: 0 blobs sent")


def test_a_run_that_was_cut_off_goes_on_with_what_is_missing() -> None:
    with registry() as source, registry() as target:
        index = two_platforms(source)
        last = next(key for key, content in source.blobs.items() if content == b"arm")
        content = source.blobs.pop(last)
        with pytest.raises(ImageError, match="has no such image"):
            run(source, target, f"web:1.0@{index}")
        assert (below(source) + "/web", "1.0") not in target.manifests
        source.blobs[last] = content
        _, told = run(source, target, f"web:1.0@{index}")
        assert told[-1].startswith("1 images: 1 blobs sent (0.0 MiB), 0 taken from another repository there, 2 there")


def test_a_layer_that_another_image_brought_is_taken_from_its_repository() -> None:
    with registry() as source, registry() as target:
        web, worker = source.image("web", [b"base"], "1"), source.image("worker", [b"base", b"own"], "1")
        _, told = run(source, target, f"web:1@{web}", f"worker:1@{worker}")
        assert told[-1].startswith("2 images: 3 blobs sent (0.0 MiB), 2 taken from another repository there")


def test_one_platform_makes_an_index_of_its_own_digest() -> None:
    with registry() as source, registry() as target:
        index = two_platforms(source)
        copies, _ = run(source, target, f"web:1.0@{index}", platforms=("linux/amd64",))
        [copy] = copies.values()
        digest = str(parse(copy).digest)
        assert digest != index
        assert b"arm64" not in target.manifests[below(source) + "/web", digest][1]
        assert b"arm" not in target.blobs.values()


def test_a_platform_that_there_is_not_is_told_with_those_there_are() -> None:
    with registry() as source, registry() as target:
        index = two_platforms(source)
        with pytest.raises(ImageError, match="is not made for linux/s390x") as caught:
            run(source, target, f"web:1.0@{index}", platforms=("linux/s390x",))
        assert caught.value.fix == "it is made for: linux/amd64, linux/arm64"
        assert target.manifests == {}


@pytest.mark.parametrize(
    ("image", "registry_", "wanted"),
    [
        ("alpine:3", "r.io", "r.io/docker.io/library/alpine:3"),
        ("r.io:5000/a/b:1", "m.io/x", "m.io/x/r.io-5000/a/b:1"),
        ("Upper.io/a", "m.io:99/x/y", "m.io:99/x/y/upper.io/a"),
    ],
)
def test_copies_lie_below_the_name_of_their_own_registry(image: str, registry_: str, wanted: str) -> None:
    assert str(mirror.place(parse(image), registry_)) == wanted
