import pytest
from ruamel.yaml import YAML

from images.lock import Locked, applied, asked, relocked, render, verify
from spec.errors import SpecError
from spec.pins import Lock

A, B, C = ("sha256:" + letter * 64 for letter in "abc")
SERVICES = {"web": "r.io/web:1", "api": "r.io/api:2", "pinned": f"r.io/x@{C}"}
LOCK = Lock(images={"r.io/web:1": A, "r.io/old:1": B})


def nobody(image: str) -> str:
    raise AssertionError(f"{image} was looked up")


def test_what_is_locked_stays_what_is_not_is_looked_up_and_what_is_left_over_goes() -> None:
    found = relocked(SERVICES.values(), LOCK, set(), {"r.io/api:2": B}.__getitem__)
    assert found == [
        Locked("r.io/api:2", B, "new"),
        Locked("r.io/web:1", A, "kept"),
        Locked("r.io/old:1", B, "removed"),
    ]


def test_a_tag_that_moved_is_followed_only_when_asked() -> None:
    assert relocked(["r.io/web:1"], LOCK, set(), nobody)[0].state == "kept"
    assert relocked(["r.io/web:1"], LOCK, {"r.io/web:1"}, lambda _: B)[0] == Locked("r.io/web:1", B, "moved")
    assert relocked(["r.io/web:1"], LOCK, {"r.io/web:1"}, lambda _: A)[0].state == "kept"


def test_an_update_is_asked_for_by_service_image_or_all() -> None:
    assert asked(["web", "r.io/api:2"], SERVICES, "dev") == {"r.io/web:1", "r.io/api:2"}
    assert asked(["all"], SERVICES, "dev") == set(SERVICES.values())
    with pytest.raises(SpecError, match="has no service or image `wbe`") as caught:
        asked(["wbe"], SERVICES, "dev")
    assert "api, pinned, web" in caught.value.fix


def test_the_text_is_yaml_that_reads_back_as_the_lock() -> None:
    found = relocked(SERVICES.values(), LOCK, set(), lambda _: B)
    text = render(found, "dev")
    assert Lock.model_validate(YAML(typ="safe").load(text)).images == {"r.io/api:2": B, "r.io/web:1": A}
    assert "`longshore images lock -s dev`" in text.splitlines()[0]
    assert Lock.model_validate(YAML(typ="safe").load(render([], "dev"))).images == {}


def test_a_check_names_what_is_missing_with_its_users_and_what_is_left_over() -> None:
    with pytest.raises(SpecError) as caught:
        verify({"a": "r.io/n:1", "b": "r.io/n:1", "web": "r.io/web:1"}, LOCK, "dev")
    said = str(caught.value)
    assert "stacks/images.dev.lock.yaml: images.r.io/n:1: is missing, and a, b uses it" in said
    assert "stacks/images.dev.lock.yaml: images.r.io/old:1: is used by no service any more" in said
    assert verify({"web": "r.io/web:1"}, Lock(images={"r.io/web:1": A}), "dev") == 1
    assert verify({"x": f"r.io/x@{C}"}, None, "dev") == 0


def test_every_image_gets_its_digest_or_none_is_copied() -> None:
    lock = Lock(images={"r.io/web:1": A, "r.io/api:2": B})
    assert applied(SERVICES, lock, "dev") == [f"r.io/api:2@{B}", f"r.io/web:1@{A}", f"r.io/x@{C}"]
    assert applied({"x": f"r.io/x@{C}"}, None, "dev") == [f"r.io/x@{C}"]
    for incomplete, place in ((None, "lock.yaml"), (LOCK, "lock.yaml: images.r.io/api:2")):
        with pytest.raises(SpecError, match="is missing") as caught:
            applied(SERVICES, incomplete, "dev")
        assert caught.value.where == f"stacks/images.dev.{place}"
