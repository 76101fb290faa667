import pytest

from images.reference import Reference, parse
from spec.errors import ImageError

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "host", "repository", "tag", "digest"),
    [
        ("alpine", "docker.io", "library/alpine", None, None),
        ("alpine:3.20", "docker.io", "library/alpine", "3.20", None),
        ("index.docker.io/grafana/loki:3", "docker.io", "grafana/loki", "3", None),
        ("localhost/web", "localhost", "web", None, None),
        ("r.example.com:5000/a/b/c:1", "r.example.com:5000", "a/b/c", "1", None),
        (f"10.0.0.1:5000/web:1@{DIGEST}", "10.0.0.1:5000", "web", "1", DIGEST),
        (f"ghcr.io/o/web@{DIGEST}", "ghcr.io", "o/web", None, DIGEST),
    ],
)
def test_a_reference_is_read_as_docker_reads_it(
    text: str, host: str, repository: str, tag: str | None, digest: str | None
) -> None:
    assert parse(text) == Reference(host, repository, tag, digest)


def test_what_a_registry_is_asked_for_is_the_digest_then_the_tag_then_latest() -> None:
    assert parse(f"r.io/web:1@{DIGEST}").wanted == DIGEST
    assert parse("r.io/web:1").wanted == "1"
    assert parse("r.io/web").wanted == "latest"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("r.io/Web:1", "`Web` is no name of an image"),
        ("r.io/web:", "`` is no tag"),
        ("r.io/web:-1", "`-1` is no tag"),
        ("r.io/web@sha256:12", "`sha256:12` is no digest"),
        ("r_.io/web", "`r_.io` is no registry"),
        ("", "`` is no name of an image"),
    ],
)
def test_what_is_no_reference_is_told_by_its_part(text: str, part: str) -> None:
    with pytest.raises(ImageError) as caught:
        parse(text)
    assert (caught.value.where, caught.value.found) == (f"image {text}", part)
    assert caught.value.fix
