"""A service's fields, and those of what it may refer to."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from spec.service import ConfigSpec, LimitsSpec, ServiceSpec
from tests.unit.spec.judging import accepted, problems, refused

WEB = "services.web"


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "nginx:1.27",
        "library/nginx",
        "registry.test:5000/shop/web_2:1.0-rc.1",
        "10.77.0.2:5000/shop-web:1.1@sha256:" + "a" * 64,
        "nginx@sha256:" + "0" * 64,
        "x:" + "a" * 128,
    ],
)
def test_an_image_is_a_reference_as_docker_writes_it(image: str) -> None:
    assert accepted(f"{WEB}.image", image).services["web"].image == image


@pytest.mark.parametrize(
    "image",
    [
        "",
        "Nginx",
        "nginx:",
        "nginx:-1",
        "nginx 1",
        "nginx@sha256:abc",
        "nginx@md5:" + "a" * 64,
        "x:" + "a" * 129,
        "-nginx",
        "a//b",
        "nginx;rm",
        "nginx\n",
    ],
)
def test_what_docker_would_not_take_for_an_image_is_refused(image: str) -> None:
    assert "pattern" in refused(f"{WEB}.image", image)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("replicas", -1, "greater than or equal to 0"),
        ("max_per_node", 0, "greater than or equal to 1"),
        ("endpoint_mode", "lb", "'vip' or 'dnsrr'"),
        ("stop_grace", "10", "pattern"),
        ("ports.0.target", 0, "greater than or equal to 1"),
        ("ports.0.target", 65536, "less than or equal to 65535"),
        ("ports.0.published", 0, "greater than or equal to 1"),
        ("ports.0.published", 65536, "less than or equal to 65535"),
        ("ports.0.protocol", "sctp", "'tcp' or 'udp'"),
        ("ports.0.mode", "hosts", "'host' or 'ingress'"),
        ("secrets.0.mode", "444", "pattern"),
        ("secrets.0.mode", "0888", "pattern"),
        ("secrets.0.source", "A", "pattern"),
        ("configs.0.target", None, "is missing"),
        ("command", "run me", "valid tuple"),
        ("args", [1], "valid string"),
        ("read_only", "maybe", "valid boolean"),
        ("user", 1000, "valid string"),
    ],
)
def test_a_value_beyond_its_bound_is_refused(field: str, value: object, found: str) -> None:
    below = "0" if field == "args" else None
    assert found in refused(f"{WEB}.{field}", value, below)


@pytest.mark.parametrize(
    ("part", "value", "below", "found"),
    [
        ("healthcheck", {"test": ["CMD"]}, "test", "at least 2 items"),
        ("healthcheck", {"test": ["CMD", "x"], "interval": "often"}, "interval", "pattern"),
        ("healthcheck", {"test": ["CMD", "x"], "retries": 0}, "retries", "greater than or equal to 1"),
        ("healthcheck", {}, "test", "is missing"),
        ("limits", {"cpus": 0}, "cpus", "greater than 0"),
        ("limits", {"cpus": float("inf")}, "cpus", "finite number"),
        ("limits", {"cpus": float("nan")}, "cpus", "finite number"),
        ("limits", {"memory": "10 MB"}, "memory", "whole number of MiB"),
        ("rollout", {"parallelism": 0}, "parallelism", "greater than or equal to 1"),
        ("rollout", {"delay": "1"}, "delay", "pattern"),
        ("rollout", {"monitor": "x"}, "monitor", "pattern"),
        ("rollout", {"timeout": ""}, "timeout", "pattern"),
        ("env", {"A": 1}, "A", "valid string"),
        ("labels", {"a": None}, "a", "valid string"),
    ],
)
def test_a_wrong_part_is_named_by_its_own_path(part: str, value: object, below: str, found: str) -> None:
    assert found in refused(f"{WEB}.{part}", value, below)


def test_an_unknown_key_deep_inside_is_met_with_its_neighbour() -> None:
    [problem] = problems({f"{WEB}.rollout": {"paralelism": 2}})
    assert (problem.path, problem.fix) == ("services.web.rollout.paralelism", "did you mean `parallelism`?")
    [problem] = problems({f"{WEB}.ports": [{"target": 1, "published": 2, "proto": "udp"}]})
    assert (problem.path, problem.fix) == ("services.web.ports.0.proto", "did you mean `protocol`?")


@pytest.mark.parametrize(
    ("values", "good"),
    [({"content": ""}, True), ({"file": "a"}, True), ({}, False), ({"content": "", "file": "a"}, False)],
)
def test_a_config_has_one_source(values: dict[str, str], good: bool) -> None:
    if good:
        assert ConfigSpec.model_validate(values)
    else:
        with pytest.raises(ValidationError, match="exactly one of `content` and `file`"):
            ConfigSpec.model_validate(values)


def test_a_service_is_one_unlimited_task_unless_said_otherwise() -> None:
    service = ServiceSpec(image="nginx")
    assert service.replicas == 1
    assert service.limits == LimitsSpec(cpus=None, memory=None)
    assert [service.healthcheck, service.max_per_node, service.user] == [None, None, None]
    assert (service.endpoint_mode, service.rollout.parallelism) == ("vip", 1)


def test_a_mounted_file_is_read_only_to_all_unless_said_otherwise() -> None:
    assert accepted(f"{WEB}.secrets.0.mode", "0400").services["web"].secrets[0].mode == "0400"
    assert accepted(f"{WEB}.replicas", 1).services["web"].secrets[0].mode == "0444"


@pytest.mark.parametrize(
    ("subnet", "found"),
    [("10.30.0.1/24", "valid IPv4 network"), ("2001:db8::/64", "valid IPv4 network"), ("ten", "valid IPv4 network")],
)
def test_a_networks_subnet_is_one(subnet: str, found: str) -> None:
    assert found in refused("networks.backend.subnet", subnet)
