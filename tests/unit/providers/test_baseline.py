"""The engine's baseline: what passes, what fails, by which check, and that the docs say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from components.daemon import daemon
from providers.swarm.baseline import CHECKS, Weight, evaluate, failed, markdown
from providers.swarm.facts import Facts, Nic
from spec.errors import EngineError
from tests.conftest import ROOT
from tests.specs import stack
from tests.unit.providers.node_facts import given

BOTH = (Weight.HARD, Weight.BASELINE)
DOCS = ROOT / "docs" / "engine.md"


def wrong(facts: Facts, *weights: Weight) -> dict[str, str]:
    return {result.check.id: result.wrong for result in failed(evaluate(facts), *(weights or tuple(Weight)))}


def test_a_node_as_the_stack_file_makes_it_passes() -> None:
    assert wrong(given(config=daemon(stack().engine)), *BOTH) == {}


def test_an_engine_as_docker_ships_it_fails_what_the_stack_file_sets() -> None:
    bare = given(config="{}", files={}, info={"LoggingDriver": "json-file"})
    assert list(wrong(bare, *BOTH)) == ["2.2", "2.8", "2.14", "2.16", "LS2"]


@pytest.mark.parametrize(
    ("changes", "check", "says"),
    [
        ({"config": {"icc": True}}, "2.2", "icc"),
        ({"config": {"log-level": "debug"}}, "2.3", "debug"),
        ({"config": {"iptables": False}}, "2.4", "iptables is false"),
        ({"info": {"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8", "10.0.0.0/8"]}}}, "2.5", "10.0.0.0/8"),
        ({"info": {"RegistryConfig": {"IndexConfigs": {"r.test:5000": {"Secure": False}}}}}, "2.5", "r.test:5000"),
        ({"info": {"Driver": "aufs"}}, "2.6", "aufs"),
        ({"config": {"default-ulimits": {}}}, "2.8", "empty"),
        ({"config": {"cgroup-parent": "/elsewhere"}}, "2.10", "/elsewhere"),
        ({"config": {"storage-opts": ["dm.basesize=20G"]}}, "2.11", "dm.basesize"),
        ({"config": {"no-new-privileges": False}}, "2.14", "no-new-privileges"),
        ({"info": {"LiveRestoreEnabled": True}}, "2.15", "Swarm"),
        ({"config": {"userland-proxy": True}}, "2.16", "userland-proxy"),
        ({"info": {"SecurityOptions": []}}, "2.17", "seccomp"),
        ({"info": {"SecurityOptions": ["name=seccomp,profile=unconfined"]}}, "2.17", "seccomp"),
        ({"info": {"ExperimentalBuild": True}}, "2.18", "experimental"),
        ({"files": {"/lib/systemd/system/docker.service": "664 root:root"}}, "3.1", "at most 644"),
        ({"files": {"/lib/systemd/system/docker.socket": "644 ops:root"}}, "3.3", "ops:root"),
        ({"files": {"/etc/docker": "777 root:root"}}, "3.5", "777"),
        ({"files": {"/etc/docker/certs.d/registry.test:5000/ca.crt": "644 root:root"}}, "3.7", "at most 444"),
        ({"files": {"/run/docker.sock": "666 root:docker"}}, "3.15", "666"),
        ({"files": {"/run/docker.sock": "660 root:ops"}}, "3.15", "root:ops"),
        ({"files": {"/etc/docker/daemon.json": "666 root:root"}}, "3.17", "666"),
        ({"files": {"/run/containerd/containerd.sock": "666 root:root"}}, "3.23", "666"),
        ({"config": {"log-opts": {}}}, "LS2", "until the disk is full"),
        ({"more": "nic\teth1\tvmxnet3\ton"}, "LS3", "eth1: on"),
        ({"more": "nic\teth1\tvmxnet3\tunknown"}, "LS3", "eth1: unknown"),
    ],
)
def test_each_check_finds_what_it_is_for_and_only_that(changes: dict[str, Any], check: str, says: str) -> None:
    found = wrong(given(**changes), *BOTH)
    assert list(found) == [check]
    assert says in found[check]


@pytest.mark.parametrize(
    "arguments",
    [
        "/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375",
        "/usr/sbin/dockerd --host=tcp://10.0.0.1:2376 --tls",
        "/usr/sbin/dockerd --host tcp://10.0.0.1:2376 --tlsverify=false",
    ],
)
def test_a_listener_that_asks_for_no_certificate_is_a_hard_failure(arguments: str) -> None:
    found = wrong(given(arguments=arguments), Weight.HARD)
    assert "whoever connects is root" in found["2.7"]


@pytest.mark.parametrize(
    ("arguments", "config"),
    [
        ("dockerd -H tcp://0.0.0.0:2376 --tlsverify --tlscacert=/ca.pem", {}),
        ("dockerd", {"hosts": ["tcp://0.0.0.0:2376", "fd://"], "tlsverify": True}),
        ("dockerd -H unix:///run/docker.sock", {}),
    ],
)
def test_a_listener_that_knows_its_callers_is_none(arguments: str, config: dict[str, Any]) -> None:
    assert "2.7" not in wrong(given(arguments=arguments, config=config))


def test_a_listener_in_daemon_json_counts_too() -> None:
    assert "tcp://0.0.0.0:2375" in wrong(given(config={"hosts": ["tcp://0.0.0.0:2375"]}), Weight.HARD)["2.7"]


@pytest.mark.parametrize(
    ("driver", "version", "init", "bad"),
    [
        ("cgroupfs", "2", "systemd", True),
        ("systemd", "2", "systemd", False),
        ("cgroupfs", "1", "systemd", False),
        ("cgroupfs", "2", "openrc", False),
        ("systemd", "1", "openrc", True),
    ],
)
def test_the_cgroup_driver_fits_the_host(driver: str, version: str, init: str, bad: bool) -> None:
    facts = given(info={"CgroupDriver": driver, "CgroupVersion": version}, init=init)
    assert ("LS1" in wrong(facts, Weight.HARD)) is bad


def test_flags_count_as_much_as_daemon_json() -> None:
    flags = "--icc=false --no-new-privileges --userland-proxy=false --log-opt max-size=5m --default-ulimit nofile=9"
    assert wrong(given(config="{}", arguments=f"dockerd {flags}"), *BOTH) == {}


def test_advice_fails_nothing() -> None:
    facts = Facts(given().info, mount="/")
    told = [result for result in evaluate(facts) if result.check.weight is Weight.ADVICE]
    assert {result.verdict for result in told} == {"note"}
    followed = given(
        info={
            "SecurityOptions": ["name=seccomp,profile=default", "name=userns"],
            "LoggingDriver": "gelf",
            "Plugins": {"Authorization": ["opa"]},
        }
    )
    assert wrong(followed) == {}


def test_other_network_cards_keep_their_offloads() -> None:
    assert "LS3" not in wrong(given(more="nic\teth1\tvirtio_net\ton"))
    assert given().nics == (Nic("eth0", "vmxnet3", "off"),)


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_a_daemon_json_that_is_none_is_said_to_be_so(text: str) -> None:
    with pytest.raises(EngineError, match=r"m1: /etc/docker/daemon\.json is no JSON object"):
        given(config=text)


@any_of(st.text(alphabet="\t\nabcfile nic0123", max_size=80))
def test_a_node_that_prints_something_else_is_judged_all_the_same(noise: str) -> None:
    facts = given(more=noise.replace("audit", ""))
    assert [result.check for result in evaluate(facts)] == list(CHECKS)


def test_no_id_is_used_twice() -> None:
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))


def test_the_docs_show_every_check(request: pytest.FixtureRequest) -> None:
    before, table, after = _around(DOCS.read_text())
    if request.config.getoption("--update-golden"):
        DOCS.write_text(before + markdown() + after)
    else:
        assert table == markdown(), "docs/engine.md is stale: pytest --update-golden"


def _around(text: str) -> tuple[str, str, str]:
    begin, end = "<!-- checks -->\n", "<!-- end of checks -->"
    head, rest = text.split(begin)
    table, tail = rest.split(end)
    return head + begin, table, end + tail
