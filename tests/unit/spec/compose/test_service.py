"""Each key of a compose service: what it becomes, or why not and what instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spec.service import ServiceSpec
from tests.unit.spec.compose.files import refusal, refused_service, service, taken

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("entrypoint: /bin/web --port 80", {"command": ["/bin/web", "--port", "80"]}),
        ("command: sh -c 'a b'", {"args": ["sh", "-c", "a b"]}),
        ("command: [serve, '8']", {"args": ["serve", "8"]}),
        ("environment: [A=1, B=x=y]", {"env": {"A": "1", "B": "x=y"}}),
        ("environment: {A: true, B: 1.5, C: ''}", {"env": {"A": "true", "B": "1.5", "C": ""}}),
        ("working_dir: /srv", {"directory": "/srv"}),
        ("group_add: [adm, 100]", {"groups": ["adm", "100"]}),
        ("labels: [a=1, b]", {"container_labels": {"a": "1", "b": ""}}),
        ("user: '1000:100'", {"user": "1000:100"}),
        ("stop_grace_period: 1m30s", {"stop_grace": "1m30s"}),
        ("stop_signal: SIGINT", {"stop_signal": "SIGINT"}),
        ("sysctls: [net.core.somaxconn=1024]", {"sysctls": {"net.core.somaxconn": "1024"}}),
        ("cap_drop: [ALL]\ncap_add: [NET_ADMIN]", {"cap_drop": ["ALL"], "cap_add": ["NET_ADMIN"]}),
        ("extra_hosts: ['db:10.0.0.5', 'x=10.0.0.6']", {"hosts": {"db": "10.0.0.5", "x": "10.0.0.6"}}),
        ("extra_hosts: {db: 10.0.0.5}", {"hosts": {"db": "10.0.0.5"}}),
        ("dns: 10.0.0.53", {"dns": {"nameservers": ["10.0.0.53"]}}),
        ("dns_search: [a.test]\ndns_opt: [ndots:2]", {"dns": {"search": ["a.test"], "options": ["ndots:2"]}}),
        ("logging: {driver: syslog, options: {tag: 1}}", {"log": {"driver": "syslog", "options": {"tag": "1"}}}),
        ("restart: unless-stopped", {"restart": {"condition": "any"}}),
        ("restart: 'no'", {"restart": {"condition": "none"}}),
        ("restart: on-failure:3", {"restart": {"condition": "on-failure", "max_attempts": 3}}),
        ("scale: 3", {"replicas": 3}),
        ("mem_limit: 1g\ncpus: 0.5", {"limits": {"memory": "1024 MiB", "cpus": 0.5}}),
        ("mem_reservation: 100k", {"reservations": {"memory": "1 MiB"}}),
        ("deploy: {replicas: 0}", {"replicas": 0}),
        ("deploy: {mode: global}", {"mode": "global"}),
        ("deploy: {endpoint_mode: dnsrr}", {"endpoint_mode": "dnsrr"}),
        ("deploy: {labels: {a: 1}}", {"labels": {"a": "1"}}),
        ("deploy: {placement: {preferences: [{spread: node.labels.zone}]}}", {"spread": ["node.labels.zone"]}),
        ("deploy: {placement: {max_replicas_per_node: 1}}", {"max_per_node": 1}),
        (
            "mem_limit: 1g\ndeploy: {resources: {limits: {memory: 64M}, reservations: {cpus: '0.1'}}}",
            {"limits": {"memory": "64 MiB"}, "reservations": {"cpus": "0.1"}},
        ),
        (
            "deploy: {restart_policy: {condition: on-failure, delay: 5s, window: 1m}}",
            {"restart": {"condition": "on-failure", "delay": "5s", "window": "1m"}},
        ),
        (
            "deploy: {update_config: {parallelism: 2, failure_action: pause, max_failure_ratio: 0.1}}",
            {"rollout": {"parallelism": 2, "on_failure": "pause", "max_failure_ratio": 0.1}},
        ),
        (
            "healthcheck: {test: curl -f localhost, interval: 5s, retries: 2, start_period: 1m}",
            {"healthcheck": {"test": ["CMD-SHELL", "curl -f localhost"], "interval": "5s", "retries": 2,
                             "start_period": "1m"}},
        ),
        ("healthcheck: {test: [CMD, ok]}", {"healthcheck": {"test": ["CMD", "ok"]}}),
        ("networks: {shop: {aliases: [www]}, ops: }", {"networks": ["shop", "ops"], "aliases": {"shop": ["www"]}}),
        ("configs: [site]", {"configs": [{"source": "site", "target": "/site"}]}),
        ("secrets: [pw]", {"secrets": [{"source": "pw", "target": "pw"}]}),
        (
            "secrets: [{source: pw, target: cache, mode: 0400}, {source: b, mode: 0o440}]",
            {"secrets": [{"source": "pw", "target": "cache", "mode": "0400"},
                         {"source": "b", "target": "b", "mode": "0440"}]},
        ),
        ("tmpfs: [/run, '/tmp:size=64m,mode=700']",
         {"mounts": [{"kind": "tmpfs", "target": "/run"},
                     {"kind": "tmpfs", "target": "/tmp", "size": "64 MiB", "mode": "700"}]}),
        ("volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1048576, mode: 0o1777}}]",
         {"mounts": [{"kind": "tmpfs", "target": "/t", "size": "1 MiB", "mode": "01777"}]}),
        ("volumes: ['data:/data:nocopy,ro']",
         {"mounts": [{"kind": "volume", "source": "data", "target": "/data", "read_only": True,
                      "copy_image_data": False}]}),
        ("volumes: [{type: bind, source: /srv, target: /srv, bind: {propagation: rslave}}]",
         {"mounts": [{"kind": "bind", "source": "/srv", "target": "/srv", "read_only": False,
                      "propagation": "rslave"}]}),
    ],
)  # fmt: skip
def test_a_key_becomes(tmp_path: Path, written: str, becomes: dict[str, Any]) -> None:
    found = service(tmp_path, written)
    assert found == becomes or found == {"networks": ["default"], **becomes}
    ServiceSpec.model_validate({"image": "r.test/web", **found})


def port(target: int, published: int, protocol: str = "tcp", mode: str = "ingress") -> dict[str, Any]:
    return {"target": target, "published": published, "protocol": protocol, "mode": mode}


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("'8080:80'", [port(80, 8080)]),
        ("'53:53/udp'", [port(53, 53, "udp")]),
        ("'8000-8002:80-82'", [port(80, 8000), port(81, 8001), port(82, 8002)]),
        ("'0.0.0.0:80:80'", [port(80, 80)]),
        ("'[::]:80:80'", [port(80, 80)]),
        ("{target: 80, published: 8080, mode: host}", [port(80, 8080, mode="host")]),
        ("{target: 80, published: '8080', protocol: udp}", [port(80, 8080, "udp")]),
    ],
)
def test_a_port_is_published(tmp_path: Path, written: str, becomes: list[dict[str, Any]]) -> None:
    assert service(tmp_path, f"ports: [{written}]")["ports"] == becomes


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ports: ['80']", "services.web.ports.0: port 80 has no published port"),
        ("ports: ['1:1', '127.0.0.1:80:80']", "services.web.ports.1: binds to 127.0.0.1"),
        ("ports: ['8000-8001:80-82']", "of different length"),
        ("ports: ['eighty:80']", "binds to eighty"),
        ("ports: ['a:b:c:80']", "is no port"),
        ("volumes: ['./src:/app']", "a folder of this machine is on no node"),
        ("volumes: ['~/src:/app']", "a folder of this machine is on no node"),
        ("volumes: [/data]", "anonymous volume"),
        ("volumes: ['d:/data:cached']", "options cached"),
        ("volumes: [{type: npipe, source: a, target: /b}]", "type npipe"),
        ("volumes: [{type: volume, source: a, target: /b, volume: {subpath: c}}]", "a part of a volume"),
        ("tmpfs: ['/tmp:noexec']", "options noexec"),
        ("tmpfs: ['/tmp:size=lots']", "is no byte size"),
        ("environment: [LOST]", "services.web.environment.LOST: has no value"),
        ("deploy: {mode: replicated-job}", "replicated-job can't be honoured"),
        ("deploy: {resources: {limits: {pids: 10}}}", "services.web.deploy.resources.limits.pids"),
        ("ulimits: {nofile: 1024}", "default-ulimits"),
        ("network_mode: host", "publish with `mode: host`"),
        ("devices: ['/dev/kvm:/dev/kvm']", "passes no devices"),
    ],
)
def test_what_cannot_be_honoured_is_refused_with_a_way_out(tmp_path: Path, written: str, says: str) -> None:
    said = refused_service(tmp_path, written)
    assert said.startswith("compose.yaml:4: services.web.")
    assert says in said
    assert "\n  -> " in said


def test_every_refusal_is_told_at_once(tmp_path: Path) -> None:
    said = refused_service(tmp_path, "privileged: true\nipc: host\nports: ['80']")
    assert said.startswith("3 things in compose files can't be honoured\n")
    assert [line.split(":")[1] for line in said.splitlines() if line.startswith("compose.yaml")] == ["4", "5", "6"]


@pytest.mark.parametrize("written", ["privileged: false", "devices: []", "ulimits: {}"])
def test_what_says_nothing_is_not_refused(tmp_path: Path, written: str) -> None:
    assert service(tmp_path, written) == {}


def test_a_variable_of_the_stack_is_passed_on(tmp_path: Path) -> None:
    assert service(tmp_path, "environment: [LEVEL]", LEVEL="info")["env"] == {"LEVEL": "info"}


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    told = (
        "services:\n  web:\n    image: x\n    container_name: w\n    build: .\n    depends_on: {db: {condition: x}}\n"
    )
    told = told.replace("{condition: x}", "{condition: service_started}") + "  db: {image: y}\n"
    warnings = taken(tmp_path, told).warnings
    assert [each.split(": is left out")[0] for each in warnings] == [
        "compose.yaml:4: services.web.container_name",
        "compose.yaml:5: services.web.build",
        "compose.yaml:6: services.web.depends_on",
    ]


def test_a_rollback_that_goes_another_way_is_told(tmp_path: Path) -> None:
    told = "services: {web: {image: x, deploy: {update_config: {delay: 1s}, rollback_config: {delay: %s}}}}"
    assert taken(tmp_path, told % "1s").warnings == []
    [warning] = taken(tmp_path, told % "2s").warnings
    assert "rollback_config: is left out" in warning


def test_a_service_needs_an_image(tmp_path: Path) -> None:
    assert "services.web: has no image" in refusal(tmp_path, "services: {web: {build: .}}")


def test_a_disabled_healthcheck_is_disabled(tmp_path: Path) -> None:
    check = service(tmp_path, "healthcheck: {disable: true}")["healthcheck"]
    assert check["test"][0] == "NONE"


def test_an_image_by_digest_stays_so(tmp_path: Path) -> None:
    found = taken(tmp_path, f"services: {{web: {{image: 'r.test/web:1@{DIGEST}'}}}}")
    assert found.sections["services"]["web"]["image"] == f"r.test/web:1@{DIGEST}"
