"""ssh's options: only the pinned key, no file, nothing asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from providers.swarm.connection import Connection, connection_from, ssh_options
from providers.swarm.ssh import StrangerError, UnreachableError, refusal
from spec.errors import EngineError
from tests.unit.providers.world import KEY


def effective(connection: Connection) -> dict[str, str]:
    """What ssh itself makes of the options."""
    command = ["ssh", "-G", *ssh_options(connection), connection.host]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)


def test_ssh_understands_them_as_meant() -> None:
    options = effective(Connection("10.0.0.11", KEY))
    assert options["knownhostscommand"] == f"/bin/echo %H {KEY}"
    assert options["stricthostkeychecking"] == "true"
    assert options["userknownhostsfile"] == options["globalknownhostsfile"] == "/dev/null"
    assert options["hostkeyalgorithms"] == "ssh-ed25519"
    assert options["batchmode"] == "yes"
    assert options["identitiesonly"] == "no"


def test_a_key_file_is_the_only_identity(tmp_path: Path) -> None:
    key_file = tmp_path / "id"
    key_file.touch()
    options = effective(Connection("10.0.0.11", KEY, key_file=str(key_file)))
    assert options["identityfile"] == str(key_file)
    assert options["identitiesonly"] == "yes"


@pytest.mark.parametrize("key", ["ssh-rsa AAAA", "ssh-ed25519 AAAA; rm", "ssh-ed25519 %h", "ssh-ed25519 AA\nBB"])
def test_a_host_key_that_ssh_might_read_otherwise_is_refused(key: str) -> None:
    with pytest.raises(EngineError, match="no ed25519 host key"):
        Connection("10.0.0.11", key)


@pytest.mark.parametrize(("host", "written"), [("10.0.0.11", "10.0.0.11"), ("fd00::1", "[fd00::1]")])
def test_the_docker_host_is_a_url(host: str, written: str) -> None:
    assert Connection(host, KEY, port=2222, user="ops").docker_host == f"ssh://ops@{written}:2222"


def test_other_nodes_may_need_another_address() -> None:
    connection = connection_from({"host": "203.0.113.5", "hostKey": KEY, "address": "10.0.0.11"})
    assert (connection.host, connection.advertised) == ("203.0.113.5", "10.0.0.11")


@pytest.mark.parametrize(
    ("complaint", "kind", "says"),
    [
        ("No ED25519 host key is known for [h]:22 and you have requested strict checking.\n", StrangerError, "another"),
        ("@@@ WARNING @@@\nHost key verification failed.\n", StrangerError, "pulumi up --replace"),
        ("ssh: connect to host h port 22: Connection refused\n", UnreachableError, "Connection refused"),
        ("", UnreachableError, "ended without a word"),
    ],
)
def test_what_ssh_complains_of_becomes_a_sentence(complaint: str, kind: type[EngineError], says: str) -> None:
    reason = refusal(Connection("h", KEY), complaint)
    assert type(reason) is kind
    assert says in str(reason)


def test_a_key_file_that_is_not_there_is_not_waited_for() -> None:
    complaint = "Warning: x\nIdentity file /k not accessible: No such file or directory.\nPermission denied.\n"
    assert type(refusal(Connection("h", KEY), complaint)) is EngineError
