"""A service as the Docker provider is asked for it: field by field from the spec, and nothing empty."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.components.recordings import services

WEB = "services.web"


def web(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    return services(changes).inputs["web"]


def container(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = web(changes)["taskSpec"]["containerSpec"]
    return found


def test_it_bears_its_own_name_and_count() -> None:
    inputs = web()
    assert inputs["name"] == "web"
    assert inputs["mode"] == {"replicated": {"replicas": 2}}


def test_none_of_it_is_a_count_too() -> None:
    assert web({f"{WEB}.replicas": 0})["mode"] == {"replicated": {"replicas": 0}}


@pytest.mark.parametrize(
    ("field", "value", "wire", "sent"),
    [
        ("command", ["/bin/web", "-v"], "commands", ["/bin/web", "-v"]),
        ("args", ["serve"], "args", ["serve"]),
        ("env", {"A": "1", "B": ""}, "env", {"A": "1", "B": ""}),
        ("user", "1000:1000", "user", "1000:1000"),
        ("read_only", True, "readOnly", True),
        ("stop_grace", "1m30s", "stopGracePeriod", "1m30s"),
        ("image", "r.test/web@sha256:" + "a" * 64, "image", "r.test/web@sha256:" + "a" * 64),
    ],
)
def test_a_field_is_sent_as_it_is_written(field: str, value: object, wire: str, sent: object) -> None:
    assert container({f"{WEB}.{field}": value})[wire] == sent


@pytest.mark.parametrize("wire", ["commands", "args", "env", "user", "healthcheck"])
def test_what_is_not_declared_is_not_sent(wire: str) -> None:
    assert wire not in container()


def test_files_are_mounted_by_id_and_name_with_their_mode() -> None:
    mounted = container({f"{WEB}.configs.0.mode": "0640", f"{WEB}.secrets.0.mode": "0400"})
    [config], [secret] = mounted["configs"], mounted["secrets"]
    named = {"configId": "site-id", "configName": "site-1a2b3c4d"}
    assert config == {**named, "fileName": "/etc/site", "fileMode": 0o640}
    assert secret["secretId"] == "cache-password-id"
    assert (secret["fileName"], secret["fileMode"]) == ("cache-password", 0o400)


def test_without_files_there_is_no_list_of_them() -> None:
    bare = container({f"{WEB}.configs": [], f"{WEB}.secrets": []})
    assert "configs" not in bare
    assert "secrets" not in bare


def test_a_health_check_is_sent_whole() -> None:
    declared = {"test": ["CMD", "true"], "interval": "3s", "timeout": "1s", "retries": 9, "start_period": "1m"}
    sent = container({f"{WEB}.healthcheck": declared})["healthcheck"]
    assert sent == {"tests": ["CMD", "true"], "interval": "3s", "timeout": "1s", "retries": 9, "startPeriod": "1m"}


def test_ports_are_sent_in_their_order() -> None:
    ports = [{"target": 1, "published": 10}, {"target": 2, "published": 20, "protocol": "udp", "mode": "ingress"}]
    sent = web({f"{WEB}.ports": ports})["endpointSpec"]
    assert sent["mode"] == "vip"
    assert sent["ports"] == [
        {"targetPort": 1, "publishedPort": 10, "protocol": "tcp", "publishMode": "host"},
        {"targetPort": 2, "publishedPort": 20, "protocol": "udp", "publishMode": "ingress"},
    ]


def test_placement_is_by_constraint_and_number() -> None:
    placement = web({f"{WEB}.constraints": ["node.labels.zone == a"], f"{WEB}.max_per_node": 2})["taskSpec"][
        "placement"
    ]
    assert placement == {"constraints": ["node.labels.zone == a"], "maxReplicas": 2}


def test_a_rollout_is_rolled_back_and_a_rollback_pauses() -> None:
    inputs = web({f"{WEB}.rollout": {"parallelism": 2, "delay": "1s", "monitor": "9s", "timeout": "5m"}})
    update, rollback = inputs["updateConfig"], inputs["rollbackConfig"]
    assert (update["failureAction"], rollback["failureAction"]) == ("rollback", "pause")
    assert {update["parallelism"], update["delay"], update["monitor"]} == {2, "1s", "9s"}
    assert {key: each for key, each in update.items() if key != "failureAction"} == {
        key: each for key, each in rollback.items() if key != "failureAction"
    }
    assert services({f"{WEB}.rollout": {"timeout": "5m"}}).inputs["web-ready"]["timeoutSeconds"] == 300


def test_labels_come_in_one_order() -> None:
    labels = web({f"{WEB}.labels": {"b": "2", "a": "1"}})["labels"]
    assert labels == [{"label": "a", "value": "1"}, {"label": "b", "value": "2"}]


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        ({"cpus": 0.5}, {"nanoCpus": 500_000_000}),
        ({"cpus": 0.1}, {"nanoCpus": 100_000_000}),
        ({"memory": "1.5 GiB"}, {"memoryBytes": 1536 * 1024**2}),
    ],
)
def test_a_limit_is_sent_alone_in_the_engines_own_unit(limits: dict[str, Any], sent: dict[str, int]) -> None:
    assert web({f"{WEB}.limits": limits})["taskSpec"]["resources"] == {"limits": sent}


def test_what_docker_fills_in_is_no_difference() -> None:
    assert "taskSpec.placement.platforms" in services().requests["web"].ignoreChanges


def test_a_service_of_the_same_name_cannot_stand_beside_itself() -> None:
    assert services().requests["web"].deleteBeforeReplace


def test_a_rollout_is_waited_for_with_the_services_own_id() -> None:
    recording = services({f"{WEB}.rollout": {"monitor": "9s"}})
    waited = recording.inputs["web-ready"]
    assert (waited["monitorSeconds"], waited["serviceId"]) == (9, "web-id")
    assert "convergeConfig" not in recording.inputs["web"]
