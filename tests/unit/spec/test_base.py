"""What every part of a stack file has in common: strictness, silence about values, and the small types."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from spec.base import GIB, MIB, DiskSize, Duration, Name, Quantity, Spec, whole_seconds
from spec.cluster import ClusterSpec
from spec.engine import EngineSpec
from spec.rollout import RolloutSpec
from spec.service import HealthcheckSpec, ServiceSpec
from spec.stack import StackFile, StackSpec
from spec.target import VsphereTarget
from tests.specs import stack

QUANTITY: TypeAdapter[int] = TypeAdapter(Quantity)
DISK: TypeAdapter[int] = TypeAdapter(DiskSize)
NAME: TypeAdapter[str] = TypeAdapter(Name)
DURATION: TypeAdapter[str] = TypeAdapter(Duration)


def takes(kind: TypeAdapter[Any], value: object) -> bool:
    try:
        kind.validate_python(value)
    except ValidationError:
        return False
    return True


@given(st.integers(1, 10**6))
def test_a_quantity_is_its_number_times_its_unit(number: int) -> None:
    assert QUANTITY.validate_python(f"{number} MiB") == number * MIB
    assert QUANTITY.validate_python(f"{number}GiB") == number * GIB
    assert QUANTITY.validate_python(number * MIB) == number * MIB


@given(st.integers(0, 10**12))
def test_a_quantity_is_whole_mebibytes_and_never_nothing(size: int) -> None:
    assert takes(QUANTITY, size) == (size > 0 and size % MIB == 0)


@given(st.integers(1, 10**5))
def test_a_disk_is_whole_gibibytes(size: int) -> None:
    assert takes(DISK, f"{size} MiB") == (size % 1024 == 0)


@pytest.mark.parametrize("text", ["512 MiB", "4 GiB", "1.5 GiB", "2 TiB"])
def test_what_the_editor_takes_the_loader_takes(text: str) -> None:
    assert re.search(pattern(), text)
    assert takes(QUANTITY, text)


@pytest.mark.parametrize("text", ["4 GB", "100 MB", "-4 GiB", "GiB", "4 GiB or so", ""])
def test_what_the_loader_refuses_the_editor_refuses(text: str) -> None:
    assert not takes(QUANTITY, text)
    assert not re.search(pattern(), text)


def pattern() -> str:
    return str(QUANTITY.json_schema()["pattern"])


@given(st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True))
def test_a_name_is_a_dns_label(text: str) -> None:
    label = text[0].isalpha() and text[-1] != "-" and len(text) <= 63
    assert takes(NAME, text) == label


@pytest.mark.parametrize("text", ["10s", "1m30s", "500ms", "2h", "0s"])
def test_a_duration_is_written_as_docker_does(text: str) -> None:
    assert takes(DURATION, text)


@pytest.mark.parametrize("text", ["10", "s", "1 m", "1d", "-1s", "1.5s", "1m30", "", "1s\n"])
def test_anything_else_is_no_duration(text: str) -> None:
    assert not takes(DURATION, text)


@pytest.mark.parametrize(
    "model",
    [StackSpec, StackFile, ClusterSpec, EngineSpec, VsphereTarget, ServiceSpec, HealthcheckSpec, RolloutSpec],
)
def test_every_part_is_strict_and_silent(model: type[Spec]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"]
    with pytest.raises(ValidationError) as caught:
        model.model_validate({"hunter2": "hunter3"})
    assert "hunter3" not in str(caught.value)


def test_a_parsed_stack_cannot_be_changed() -> None:
    spec = stack()
    with pytest.raises(ValidationError, match="frozen"):
        spec.cluster.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("duration", "seconds"), [("10s", 10), ("1m30s", 90), ("2h", 7200), ("1ms", 1), ("1500ms", 2), ("0s", 0)]
)
def test_a_duration_in_seconds_is_rounded_up(duration: str, seconds: int) -> None:
    assert whole_seconds(duration) == seconds


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_the_parts_of_a_duration_add_up(hours: int, minutes: int, seconds: int) -> None:
    assert whole_seconds(f"{hours}h{minutes}m{seconds}s") == (hours * 60 + minutes) * 60 + seconds
