"""Volumes, networks, single containers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review.ask import Steps, ask, create, delete, forced, named, replace, same, says, step, update

LABELS = [[{"label": "a", "value": value}] for value in "bc"]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (delete("volume", "data"), "volume `data` is deleted with all its data."),
        (replace("volume", "data"), "volume `data` is replaced (deleted first) with all its data."),
        (
            forced("volume", "data", {"driver": "local"}, {"driver": "nfs"}, "driver", order="create-first"),
            "volume `data` is replaced (created first) with all its data.",
        ),
        (
            forced("volume", "data", {"labels": LABELS[0]}, {"labels": LABELS[1]}, "labels"),
            "volume `data` is replaced (deleted first) with all its data. Only a label changes.",
        ),
        (
            replace("volume", "data", {"labels": LABELS[0], "name": "a"}, {"labels": LABELS[1], "name": "b"}),
            "volume `data` is replaced (deleted first) with all its data.",
        ),
        (replace("volume", "data", was={"retainOnDelete": True}), ""),
        (update("volume", "data", {"a": 1}, {"a": 2}), ""),
        (create("volume", "data"), ""),
        (same("volume", "data"), ""),
    ],
)
def test_a_volume_goes_with_all_its_data(steps: Steps, sentence: str) -> None:
    assert says("VOLUME-REPLACED", steps) == sentence


def test_a_volume_s_end_is_told_why_and_how_to_avoid_it() -> None:
    (risk,) = ask("VOLUME-REPLACED", forced("volume", "data", {"driver": "a"}, {"driver": "b"}, "driver"))
    assert (risk.why, risk.do) == (
        "`driver` changes",
        "ignore changes of labels, or set protect or retain_on_delete",
    )


def attached(**inputs: Any) -> Steps:
    return same("service", "web", name="web", **inputs)


@pytest.mark.parametrize(
    ("user", "is_attached"),
    [
        (attached(taskSpec={"networksAdvanceds": [{"name": "front"}]}), True),
        (attached(taskSpec={"networksAdvanceds": [{"name": "id-net"}]}), True),
        (attached(taskSpec={"networksAdvanceds": [{"name": "back"}, {"name": "front"}]}), True),
        (same("container", "web", networksAdvanced=[{"name": "front"}]), True),
        (same("container", "web", networkMode="front"), True),
        (same("container", "web", networkMode="bridge"), False),
        (attached(taskSpec={"networksAdvanceds": [{"name": "front-2"}]}), False),
        (attached(taskSpec={"containerSpec": {"hostname": "front"}}), False),
        (attached(), False),
    ],
)
def test_a_network_in_use_can_not_go(user: Steps, is_attached: bool) -> None:
    gone = replace("network", "net", {"name": "front"})
    sentence = "network `net` is replaced (deleted first); attached: `web`."
    assert says("NETWORK-REPLACED", gone, user) == (sentence if is_attached else "")


def test_a_network_that_only_changes_stays() -> None:
    user = attached(taskSpec={"networksAdvanceds": [{"name": "front"}]})
    assert says("NETWORK-REPLACED", update("network", "net", {"name": "front"}, {"name": "front", "x": 1}), user) == ""
    (risk,) = ask("NETWORK-REPLACED", delete("network", "net", {"name": "front"}), user)
    assert risk.what == "network `net` is deleted; attached: `web`."
    assert risk.do.startswith("make a second network")
    assert named(risk) == ["net"]


@pytest.mark.parametrize(
    ("inputs", "severity"),
    [
        ({}, "WARN"),
        ({"envs": ["A=1"]}, "WARN"),
        ({"ports": []}, "WARN"),
        ({"ports": [{"internal": 80}]}, "ACK"),
        ({"volumes": [{"volumeName": "data"}]}, "ACK"),
        ({"mounts": [{"type": "bind"}]}, "ACK"),
    ],
)
def test_a_container_made_anew_is_graver_with_ports_or_data(inputs: dict[str, Any], severity: str) -> None:
    (risk,) = ask("CONTAINER-RECREATED", replace("container", "c", inputs))
    assert (risk.what, risk.severity.name) == ("container `c` is replaced (deleted first).", severity)


@pytest.mark.parametrize("op", ["update", "delete", "create", "same"])
def test_a_container_that_is_not_made_anew(op: str) -> None:
    assert says("CONTAINER-RECREATED", step(op, "container", "c", {"a": 1}, {"a": 2})) == ""


IMAGE = {"imageId": "sha256:aaa", "repoDigest": "nginx@sha256:bbb"}


@pytest.mark.parametrize(
    ("image", "runs"),
    [
        ("sha256:aaa", True),
        ("nginx@sha256:bbb", True),
        ("nginx:1", True),
        ("nginx:2", False),
        ("sha256:ccc", False),
    ],
)
@pytest.mark.parametrize("op", ["update", "replace"])
def test_a_container_follows_its_image_though_the_preview_is_silent(op: str, image: str, runs: bool) -> None:
    moved = step(op, "image", "img", {"name": "nginx:1"}, {"name": "nginx:2"}, was={"outputs": IMAGE}, keys=["name"])
    found = ask("CONTAINER-HIDDEN-REPLACE", moved, same("container", "c", image=image))
    sentence = "`c` will be replaced, though the preview does not show it: image `img` changes."
    assert [risk.what for risk in found] == ([sentence] if runs else [])
    assert all(risk.why == ("`name` changes" if op == "replace" else "") for risk in found)
    assert all(named(risk) == ["img", "c"] for risk in found)


@pytest.mark.parametrize("op", ["update", "replace", "delete"])
def test_a_container_whose_change_is_seen_is_not_hidden(op: str) -> None:
    moved = replace("image", "img", {"name": "nginx:1"}, {"name": "nginx:2"}, was={"outputs": IMAGE})
    seen = step(op, "container", "c", {"image": "sha256:aaa"}, {"image": "sha256:ccc"})
    assert says("CONTAINER-HIDDEN-REPLACE", moved, seen) == ""


def test_all_containers_of_an_image_are_one_risk() -> None:
    moved = replace("image", "img", {"name": "n:1"}, {"name": "n:2"})
    quiet = [same("container", name, image="x") for name in ("a", "b", "c")]
    assert says("CONTAINER-HIDDEN-REPLACE", moved, *quiet, needs={"a": ["img"], "b": ["img"]}).startswith(
        "`a`, `b` will"
    )
