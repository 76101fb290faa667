from __future__ import annotations

from lab.firewall import removals

FILTER = """-P INPUT ACCEPT
-P FORWARD DROP
-N DOCKER
-N DOCKER-USER
-N MINE
-A FORWARD -j DOCKER-USER
-A FORWARD -o lab-1 -j DOCKER
-A FORWARD -j MINE
-A DOCKER-USER -j RETURN
-A DOCKER -j DOCKER-USER
"""


def test_the_jumps_go_first_then_the_chains() -> None:
    assert removals(FILTER.splitlines()) == [
        ["-D", "FORWARD", "-j", "DOCKER-USER"],
        ["-D", "FORWARD", "-o", "lab-1", "-j", "DOCKER"],
        ["-F", "DOCKER"],
        ["-F", "DOCKER-USER"],
        ["-X", "DOCKER"],
        ["-X", "DOCKER-USER"],
    ]


def test_other_chains_and_rules_are_left_alone() -> None:
    assert not any("MINE" in change for change in removals(FILTER.splitlines()))


def test_a_table_without_docker_needs_nothing() -> None:
    assert removals(["-P INPUT ACCEPT", "-A INPUT -j ACCEPT"]) == []
