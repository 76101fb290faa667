import pytest

from providers.swarm.pulling import missing_images, reason

IMAGE = "r.io:5000/web:1@sha256:" + "a" * 64


def test_the_images_that_tasks_lack_are_each_named_once() -> None:
    errors = [f"No such image: {IMAGE}", "task: non-zero exit (7)", f"No such image: {IMAGE}", "No such image: b:1"]
    assert missing_images(errors) == [IMAGE, "b:1"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            'Get "https://r.io:5000/v2/": dial tcp 10.0.0.9:5000: connect: connection refused',
            "the registry r.io:5000 can't be reached (dial tcp 10.0.0.9:5000: connect: connection refused)",
        ),
        (
            'Get "https://r.io:5000/v2/": net/http: TLS handshake timeout',
            "the registry r.io:5000 can't be reached (net/http: TLS handshake timeout)",
        ),
        (
            'Get "https://r.io:5000/v2/": x509: certificate signed by unknown authority',
            "the node doesn't trust the registry",
        ),
        ('Head "https://r.io:5000/v2/web": no basic auth credentials', "the registry wants a login"),
        ("unauthorized: authentication required", "the registry wants a login (unauthorized: authentication required)"),
        ("manifest unknown: manifest unknown", "the registry has no such image"),
        ("something new", "something new"),
        ("", "no reason given"),
        (None, "the registry has it and answers now: run `up` again"),
    ],
)
def test_what_the_registry_said_becomes_what_to_do(said: str | None, told: str) -> None:
    sentence = reason(IMAGE, said, "m1")
    assert sentence.startswith("r.io:5000/web:1, asked for by m1: ")
    assert told in sentence
