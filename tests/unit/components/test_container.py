"""The container of a service's tasks: what is declared, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.container import Declared, capabilities, container, share_name
from spec.mount import NfsMount, VolumeMount
from spec.service import ServiceSpec

NOTHING = Declared({}, {}, {})
IMAGE = "registry.test/web:1.0"


def made(**declared: Any) -> dict[str, Any]:
    """What is set, of a service that declares this much."""
    told = container(ServiceSpec.model_validate({"image": IMAGE, **declared}), NOTHING)
    return {key: value for key, value in told.items() if value is not None}


def mounted(**mount: Any) -> dict[str, Any]:
    [told] = made(mounts=[mount])["mounts"]
    return {key: value for key, value in told.items() if value is not None}


def test_what_is_not_declared_is_left_out() -> None:
    assert made() == {"image": IMAGE, "stop_grace_period": "10s", "read_only": False}


@pytest.mark.parametrize(
    ("declared", "key", "told"),
    [
        ({"stop_signal": "SIGQUIT"}, "stop_signal", "SIGQUIT"),
        ({"groups": ["adm", "100"]}, "groups", ["adm", "100"]),
        ({"directory": "/srv"}, "dir", "/srv"),
        ({"hostname": "{{.Node.Hostname}}"}, "hostname", "{{.Node.Hostname}}"),
        ({"init": True}, "init", True),
        ({"read_only": True}, "read_only", True),
        ({"cap_drop": ["ALL"]}, "cap_drops", ["ALL"]),
        ({"cap_add": ["NET_BIND_SERVICE"]}, "cap_adds", ["CAP_NET_BIND_SERVICE"]),
        ({"sysctls": {"net.core.somaxconn": "1024"}}, "sysctl", {"net.core.somaxconn": "1024"}),
        ({"hosts": {"db": "10.0.0.5"}}, "hosts", [{"host": "db", "ip": "10.0.0.5"}]),
        ({"container_labels": {"b": "2", "a": "1"}}, "labels",
         [{"label": "a", "value": "1"}, {"label": "b", "value": "2"}]),
        ({"dns": {"nameservers": ["10.0.0.53"], "search": ["corp.test"]}}, "dns_config",
         {"nameservers": ["10.0.0.53"], "searches": ["corp.test"], "options": None}),
        ({"healthcheck": {"test": ["CMD", "true"]}}, "healthcheck",
         {"tests": ["CMD", "true"], "interval": "10s", "timeout": "5s", "retries": 3, "start_period": "10s"}),
    ],
)  # fmt: skip
def test_each_setting_is_told_by_the_providers_name(declared: dict[str, Any], key: str, told: Any) -> None:
    assert made(**declared)[key] == told


def test_a_volume_is_told_without_options_it_does_not_have() -> None:
    assert mounted(kind="volume", source="data", target="/data") == {
        "type": "volume", "source": "data", "target": "/data", "read_only": False,
    }  # fmt: skip
    told = mounted(kind="volume", source="data", target="/data", driver="local", copy_image_data=False)
    assert told["volume_options"] == {"driver_name": "local", "driver_options": None, "no_copy": True}


def test_a_share_is_a_volume_that_the_node_mounts_itself() -> None:
    told = mounted(kind="nfs", server="nas.test", path="/export/app", target="/data", read_only=True, options="hard")
    assert told["type"] == "volume"
    assert told["volume_options"]["driver_options"] == {
        "type": "nfs", "o": "addr=nas.test,nfsvers=4,ro,hard", "device": ":/export/app",
    }  # fmt: skip


def test_memory_and_folders_of_the_node() -> None:
    assert mounted(kind="tmpfs", target="/tmp", size="64 MiB")["tmpfs_options"] == {"size_bytes": 64 * 1024**2}
    assert mounted(kind="tmpfs", target="/tmp", mode="0700")["tmpfs_options"] == {"mode": 0o700}
    assert "tmpfs_options" not in mounted(kind="tmpfs", target="/tmp")
    told = mounted(kind="bind", source="/etc/ssl", target="/etc/ssl", read_only=True, propagation="rslave")
    assert (told["source"], told["bind_options"]) == ("/etc/ssl", {"propagation": "rslave"})
    assert "bind_options" not in mounted(kind="bind", source="/a", target="/b")


text = st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=8)
shares = st.builds(
    NfsMount,
    kind=st.just("nfs"),
    target=st.just("/data"),
    server=text,
    path=text.map(lambda name: f"/{name}"),
    version=st.sampled_from(["3", "4", "4.2"]),
    options=st.sampled_from(["", "hard", "soft"]),
    read_only=st.booleans(),
)


@given(shares, shares)
def test_two_shares_have_one_volume_only_when_they_are_mounted_alike(one: NfsMount, other: NfsMount) -> None:
    assert (share_name(one) == share_name(other)) == (one == other)


@pytest.mark.parametrize("option", ["password=x", "username=a,PASSWORD=x", "credentials=/etc/x", "o=pass=x"])
def test_a_credential_in_a_volumes_options_is_refused_and_not_shown(option: str) -> None:
    with pytest.raises(ValidationError, match="credential") as caught:
        VolumeMount(kind="volume", source="data", target="/a", options={"o": option})
    assert option not in str(caught.value)


@pytest.mark.parametrize(
    "mount",
    [
        {"kind": "volume", "target": "/a"},
        {"kind": "nfs", "target": "/a", "server": "nas.test"},
        {"kind": "bind", "source": "relative", "target": "/a"},
        {"kind": "tmpfs", "target": "tmp"},
        {"kind": "tmpfs", "target": "/tmp", "source": "x"},
        {"kind": "cifs", "target": "/a"},
    ],
)
def test_a_mount_that_lacks_something_is_refused(mount: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ServiceSpec.model_validate({"image": IMAGE, "mounts": [mount]})


@given(st.sets(st.sampled_from(["ALL", "NET_ADMIN", "CAP_NET_ADMIN", "SYS_TIME"])))
def test_capabilities_are_told_as_docker_reports_them(declared: set[str]) -> None:
    told = capabilities(tuple(declared))
    assert told == sorted(told)
    assert all(name == "ALL" or name.startswith("CAP_") for name in told)
    assert capabilities(tuple(told)) == told
