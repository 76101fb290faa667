"""From pydantic's words to sentences: where, what was found, what to do."""

from __future__ import annotations

from typing import Any

import pytest

from spec.errors import SpecError
from spec.problems import Problem, combined, known_keys
from spec.stack import StackFile, StackSpec
from tests.specs import stack
from tests.unit.spec.judging import only, problems

ONE = Problem("cluster.name", "is odd", "rename it")


def test_a_single_problem_is_its_own_sentence() -> None:
    error = combined("stacks/Pulumi.dev.yaml", [ONE])
    assert isinstance(error, SpecError)
    assert str(error) == "stacks/Pulumi.dev.yaml: cluster.name: is odd\n  -> rename it"
    assert error.where.endswith("cluster.name")


def test_several_problems_are_counted_and_each_keeps_its_way_out() -> None:
    lines = str(combined("f", [ONE, Problem("target", "is missing", "add it")])).splitlines()
    assert lines == [
        "f: 2 problems",
        "f: cluster.name: is odd",
        "  -> rename it",
        "f: target: is missing",
        "  -> add it",
    ]


@pytest.mark.parametrize(
    ("location", "known"),
    [
        ([], {"target", "engine", "cluster", "networks", "configs", "secrets", "services"}),
        (["cluster", "pools", "any"], {"role", "count", "cpus", "memory", "first_address", "labels"}),
        (["services", "web", "ports", "3"], {"target", "published", "protocol", "mode"}),
        (["services", "web", "healthcheck"], {"test", "interval", "retries"}),
        (["target", "network"], {"name", "cidr", "gateway", "dns"}),
        (["engine", "registries", "r:5000"], {"ca"}),
    ],
)
def test_the_keys_known_at_a_place_are_found_through_maps_and_lists(location: list[str], known: set[str]) -> None:
    assert known <= set(known_keys(StackSpec, location))


@pytest.mark.parametrize("location", [["target", "password"], ["target", "server"], ["networks"]])
def test_a_place_without_keys_has_none(location: list[str]) -> None:
    assert known_keys(StackSpec, location) == []


def test_the_whole_file_knows_its_keys_as_they_are_written() -> None:
    assert "longshore:cluster" in known_keys(StackFile, ["config"])


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("cluster.pool", "did you mean `pools`?"),
        ("engine.ssh.keyfile", "did you mean `key_file`?"),
        ("networks.backend.encypted", "did you mean `encrypted`?"),
        ("services.web.secrets.0.sourse", "did you mean `source`?"),
        ("networks.backend.zzz", "remove it; known here: attachable, encrypted, mtu, subnet"),
    ],
)
def test_an_unknown_key_is_met_with_the_nearest_known_one(path: str, fix: str) -> None:
    problem = only({path: 1})
    assert (problem.path, problem.found, problem.fix) == (path, "unknown key", fix)


@pytest.mark.parametrize(("part", "value"), [("services", []), ("cluster", "shop"), ("target", 5), ("secrets", "x")])
def test_a_part_of_another_shape_is_named_once(part: str, value: Any) -> None:
    [problem] = [each for each in problems({part: value}) if each.path == part]
    assert "should be" in problem.found


def test_every_problem_has_a_path_a_finding_and_a_way_out() -> None:
    broken = {"target": {}, "engine": {"ssh": {"authorized_keys": []}}, "cluster.pools.managers": {"role": "x"}}
    found = problems(broken)
    assert len(found) > 10
    assert all(each.path and each.found and each.fix for each in found)
    assert len({each.path for each in found}) == len(found)


def test_a_secret_in_the_wrong_form_is_told_the_command_with_its_path() -> None:
    problem = only({"secrets.cache-password": 5})
    assert problem.fix == "encrypt it: `pulumi config set --secret --path longshore:secrets.cache-password`"


def test_a_good_stack_has_no_problems() -> None:
    assert problems({}) == []
    assert stack().cluster.pools
