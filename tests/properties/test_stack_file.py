"""Any valid stack comes back through YAML as it went in; anything else is a sentence, never a traceback."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from spec.contradictions import contradictions
from spec.errors import SpecError
from spec.load import check_file
from spec.stack import StackSpec
from tests.specs import values

RELAXED = settings(max_examples=60, deadline=None)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
DURATIONS = st.sampled_from(["0s", "10s", "1m30s", "500ms"])
MEMORY = st.integers(1, 4096).map(lambda number: f"{number} MiB")
SEALED = {"target.password": {"secure": "v1:abc"}, "secrets.cache-password": {"secure": "v1:abc"}}


def pools(role: str, counts: st.SearchStrategy[int], first: str) -> st.SearchStrategy[dict[str, Any]]:
    required = {
        "role": st.just(role),
        "count": counts,
        "cpus": st.integers(1, 768),
        "memory": MEMORY,
        "first_address": st.just(first),
    }
    optional = {
        "disk": st.integers(1, 4000).map(lambda number: f"{number} GiB"),
        "labels": st.dictionaries(NAMES, TEXTS, max_size=3),
        "generation": st.integers(1, 99),
        "anti_affinity": st.sampled_from(["none", "hosts"]),
    }
    return st.fixed_dictionaries(required, optional=optional)


SERVICES = st.fixed_dictionaries(
    {"image": st.sampled_from(["nginx", "r.test:5000/a/b:1.0", "x@sha256:" + "a" * 64])},
    optional={
        "replicas": st.integers(0, 50),
        "command": st.lists(TEXTS, max_size=3),
        "env": st.dictionaries(NAMES, TEXTS, max_size=3),
        "networks": st.just(["backend"]),
        "configs": st.just([{"source": "site", "target": "/etc/site"}]),
        "secrets": st.just([{"source": "cache-password", "target": "p", "mode": "0400"}]),
        "endpoint_mode": st.sampled_from(["vip", "dnsrr"]),
        "healthcheck": st.fixed_dictionaries({"test": st.just(["CMD", "true"]), "interval": DURATIONS}),
        "limits": st.fixed_dictionaries({}, optional={"cpus": st.floats(0.01, 64), "memory": MEMORY}),
        "rollout": st.fixed_dictionaries({"delay": DURATIONS, "parallelism": st.integers(1, 9)}),
        "labels": st.dictionaries(NAMES, TEXTS, max_size=3),
        "read_only": st.booleans(),
    },
)
STACKS = st.fixed_dictionaries(
    {
        "cluster.name": NAMES,
        "cluster.pools.managers": pools("manager", st.sampled_from([1, 3, 5, 7]), "10.20.0.11"),
        "cluster.pools.workers": pools("worker", st.integers(0, 100), "10.20.0.30"),
        "cluster.overlay_prefix": st.integers(16, 29),
        "services": st.dictionaries(NAMES, SERVICES, max_size=4),
        "configs.site.content": TEXTS,
        "networks.backend.encrypted": st.booleans(),
        "target.extra_config": st.dictionaries(NAMES, TEXTS, max_size=3),
        "engine.log_max_file": st.integers(1, 99),
    }
)


def loaded(content: bytes) -> StackSpec:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "Pulumi.dev.yaml"
        file.write_bytes(content)
        return check_file(file)


def written(changed: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "any.yaml"
        YAML().dump({"config": {f"longshore:{key}": value for key, value in changed.items()}}, file)
        return file.read_bytes()


@RELAXED
@given(STACKS)
def test_any_valid_stack_survives_yaml_and_the_loader(changes: dict[str, Any]) -> None:
    plain = StackSpec.model_validate(values(changes))
    assert contradictions(plain) == []
    spec = loaded(written(values(changes | SEALED)))
    assert spec.model_dump(mode="json") == plain.model_dump(mode="json")


SNIPPETS = st.sampled_from(
    [
        "config:", "config: ", "longshore:target:", "longshore:", "!!int ", "!!bool ", "!!timestamp ", "!!binary ",
        "2020-99-99", "&a ", "*a", "<<: ", "? ", "- ", "[", "]", "{", "}", ": ", "\n", "\n  ", "|\n", "'", '"',
        "%YAML ", "---\n", "...\n", "0x", ".inf", "~", "\t", "\x00", "é", "canary",
    ]
)  # fmt: skip
GARBAGE = (
    st.lists(SNIPPETS | st.text(max_size=5), max_size=12).map("".join).map(lambda text: text.encode("utf-8", "replace"))
)


@settings(max_examples=400, deadline=None)
@given(GARBAGE | st.binary(max_size=40))
def test_any_garbage_is_a_spec_error(content: bytes) -> None:
    with pytest.raises(SpecError, match=r"^stacks/Pulumi\.dev\.yaml: "):
        loaded(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
PATHS = st.sampled_from(
    [
        "target", "target.network", "target.network.cidr", "target.extra_config", "engine", "engine.ssh",
        "engine.ssh.port", "engine.registries", "cluster", "cluster.pools", "cluster.pools.workers",
        "cluster.pools.workers.memory", "cluster.pools.workers.first_address", "cluster.pools.workers.count",
        "cluster.overlay_pool", "networks", "networks.backend.subnet", "configs", "configs.site", "secrets", "services",
        "services.web", "services.web.ports", "services.web.limits", "services.web.constraints", "services.web.image",
    ]
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:__int__ returned non-int")  # an address written as `true`
@settings(max_examples=400, deadline=None)
@given(PATHS, JSON.filter(lambda value: value is not None))
def test_any_value_in_any_place_is_taken_or_refused(path: str, value: Any) -> None:
    with contextlib.suppress(SpecError):
        assert loaded(written(values(SEALED | {path: value}))).cluster.count("manager") > 0


@RELAXED
@given(st.text("abcdefghij0123456789", min_size=12, max_size=16), st.sampled_from(["target.password", "secrets.x"]))
def test_a_secret_left_unencrypted_is_never_shown(canary: str, path: str) -> None:
    with pytest.raises(SpecError, match="pulumi config set --secret") as caught:
        loaded(written(values(SEALED | {path: canary, "services.web.image": "no image"})))
    assert canary not in str(caught.value)
