"""The baseline's judgements hold however a setting is written, and for any mode a file may have."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.daemon import daemon
from providers.swarm import judgements
from providers.swarm.baseline import CHECKS, Weight, evaluate, failed
from providers.swarm.facts import Facts, parsed
from spec.engine import EngineSpec
from tests.unit.providers.node_facts import INFO, printed

SWITCHES = ("icc", "iptables", "userland-proxy", "no-new-privileges")
switches = st.dictionaries(st.sampled_from(SWITCHES), st.booleans())
levels = st.sampled_from([None, "debug", "info", "warn", "error"])
SSH = {"authorized_keys": ["ssh-ed25519 AAAA test"]}


def facts_of(config: dict[str, Any], flags: list[str]) -> Facts:
    arguments = " ".join(["/usr/sbin/dockerd", "-H", "fd://", *flags])
    return parsed(printed(config=json.dumps(config), arguments=arguments), INFO, "m1")


def verdicts(facts: Facts) -> dict[str, str]:
    return {result.check.id: result.verdict for result in evaluate(facts)}


@given(switches, levels)
def test_a_flag_means_what_the_same_line_of_daemon_json_means(given_: dict[str, bool], level: str | None) -> None:
    config: dict[str, Any] = dict(given_) | ({"log-level": level} if level else {})
    flags = [f"--{name}={str(value).lower()}" for name, value in given_.items()]
    flags += ["--log-level", level] if level else []
    assert verdicts(facts_of(config, [])) == verdicts(facts_of({}, flags))


@given(switches)
def test_a_switch_that_is_on_needs_no_value(given_: dict[str, bool]) -> None:
    bare = [f"--{name}" for name, value in given_.items() if value]
    written = [f"--{name}=true" for name, value in given_.items() if value]
    assert verdicts(facts_of({}, bare)) == verdicts(facts_of({}, written))


@given(st.lists(st.sampled_from(["-H", "--host", "--icc", "fd://", "--tls", "--x=1", "unix:///x"]), max_size=6))
def test_no_command_line_is_too_odd_to_be_read(flags: list[str]) -> None:
    facts = facts_of({}, flags)
    assert len(evaluate(facts)) == len(CHECKS)
    assert all(isinstance(each, str) for each in facts.listeners)


addresses = st.sampled_from(["tcp://0.0.0.0:2375", "tcp://10.0.0.1:2376", "fd://", "unix:///run/docker.sock"])


@given(st.lists(addresses, max_size=3), st.lists(addresses, max_size=3), st.sampled_from([None, True, False]))
def test_a_network_listener_needs_verified_tls_wherever_it_is_declared(
    flags: list[str], hosts: list[str], verify: bool | None
) -> None:
    config: dict[str, Any] = {"hosts": hosts} | ({} if verify is None else {"tlsverify": verify})
    facts = facts_of(config, [part for each in flags for part in ("-H", each)])
    open_ = any(each.startswith("tcp://") for each in [*flags, *hosts])
    assert bool(judgements.listeners(facts)) is (open_ and verify is not True)


modes = st.integers(min_value=0, max_value=0o7777)


@given(modes, modes)
def test_a_file_passes_exactly_when_it_allows_nothing_more(actual: int, most: int) -> None:
    facts = Facts({}, files={"/etc/docker/daemon.json": f"{actual:o} root:root"})
    found = judgements.file("/etc/docker/daemon.json", most)(facts)
    assert bool(found) is bool(actual & ~most)


@given(st.sampled_from(["root:root", "root:docker", "ops:root", "root:ops", "1000:1000"]))
def test_a_file_belongs_to_root_or_to_whom_it_should(owner: str) -> None:
    facts = Facts({}, files={"/run/docker.sock": f"660 {owner}"})
    found = judgements.file("/run/docker.sock", 0o660, "root:docker")(facts)
    assert bool(found) is (owner not in ("root:root", "root:docker"))


limits = st.integers(min_value=0, max_value=1048576).flatmap(
    lambda soft: st.one_of(st.just(-1), st.integers(min_value=soft, max_value=1048576)).map(
        lambda hard: {"soft": soft, "hard": hard}
    )
)
engines = st.fixed_dictionaries(
    {"ssh": st.just(SSH)},
    optional={
        "log_max_size": st.sampled_from(["1m", "10m", "1g"]),
        "log_max_file": st.integers(min_value=1, max_value=9),
        "data_root": st.sampled_from(["/srv/docker", "/data/d.1"]),
        "ulimits": st.dictionaries(st.sampled_from(["nofile", "nproc", "core"]), limits, min_size=1),
        "userns_remap": st.sampled_from([None, "default", "ops:ops"]),
        "mirrors": st.lists(st.sampled_from(["https://a.test", "http://b.test:5000"]), max_size=2),
    },
).map(EngineSpec.model_validate)


@given(engines)
def test_whatever_a_stack_file_sets_the_node_passes_unless_it_opted_out(engine: EngineSpec) -> None:
    facts = parsed(printed(config=json.dumps(daemon(engine))), INFO, "m1")
    assert failed(evaluate(facts), Weight.HARD, Weight.BASELINE) == []


@given(engines, st.sampled_from(["inter_container", "userland_proxy", "no_new_privileges"]))
def test_opting_out_of_one_thing_fails_that_one_check(engine: EngineSpec, field: str) -> None:
    changed = engine.model_copy(update={field: not getattr(engine, field)})
    facts = parsed(printed(config=json.dumps(daemon(changed))), INFO, "m1")
    expected = {"inter_container": "2.2", "userland_proxy": "2.16", "no_new_privileges": "2.14"}[field]
    assert [each.check.id for each in failed(evaluate(facts), Weight.HARD, Weight.BASELINE)] == [expected]


@given(engines)
def test_daemon_json_says_nothing_that_is_empty_and_never_listens(engine: EngineSpec) -> None:
    written = daemon(engine)
    assert all(value not in (None, [], {}, "") for value in written.values())
    assert not written.keys() & {"hosts", "tls", "insecure-registries"}
    assert json.loads(json.dumps(written)) == written
