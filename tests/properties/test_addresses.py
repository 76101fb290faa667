"""Addresses as people read them are the addresses that the rules hold."""

from __future__ import annotations

import ipaddress
import itertools
from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from components import addresses
from components.addresses import HUB, Party
from tests.specs import stack

few = st.sets(st.integers(min_value=0x0A000000, max_value=0x0A0000FF), min_size=1, max_size=40)


def read(text: str) -> set[int]:
    """Read a text such as `10.0.0.1-10.0.0.3, 10.0.0.8/30` back into addresses."""
    found: set[int] = set()
    for part in text.split(", "):
        first, _, last = part.partition("-")
        network = IPv4Network(first)
        begin, end = network[0], IPv4Address(last) if last else network[-1]
        found |= set(range(int(begin), int(end) + 1))
    return found


@given(few)
def test_a_party_reads_as_what_it_is(numbers: set[int]) -> None:
    networks = tuple(ipaddress.collapse_addresses(IPv4Network(number) for number in numbers))
    assert read(Party("x", networks).text) == numbers


@given(few)
def test_no_two_parts_of_a_text_lie_next_to_each_other(numbers: set[int]) -> None:
    networks = tuple(ipaddress.collapse_addresses(IPv4Network(number) for number in numbers))
    parts = [sorted(read(part)) for part in Party("x", networks).text.split(", ")]
    assert all(before[-1] + 1 < after[0] for before, after in itertools.pairwise(parts))


hosts = st.from_regex(r"[a-z]{1,8}\.test", fullmatch=True)
tags = st.sampled_from(["", ":1", ":1@sha256:" + "a" * 64])


@given(hosts, st.one_of(st.none(), st.integers(min_value=1, max_value=65535)), tags)
def test_an_image_leads_to_its_registry(host: str, port: int | None, tag: str) -> None:
    authority = host if port is None else f"{host}:{port}"
    (registry,) = addresses.registries(stack({"services.web.image": f"{authority}/a/b{tag}"}))
    assert (registry.host, registry.port) == (host, port or 443)


@given(
    st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?", fullmatch=True).filter(lambda name: not name.startswith("localhost/")),
    tags,
)
def test_an_image_without_a_registry_is_of_docker_hub(name: str, tag: str) -> None:
    (registry,) = addresses.registries(stack({"services.web.image": f"{name}{tag}"}))
    assert registry.host == HUB


@given(st.integers(min_value=1, max_value=50), st.integers(min_value=1, max_value=50))
def test_managers_and_workers_are_the_nodes_and_share_none(managers: int, workers: int) -> None:
    spec = stack({"cluster.pools.managers.count": managers, "cluster.pools.workers.count": workers,
                  "cluster.pools.workers.first_address": "10.20.0.101"})  # fmt: skip
    each = [addresses.role(spec, "manager").text, addresses.role(spec, "worker").text]
    assert read(each[0]) | read(each[1]) == read(addresses.nodes(spec).text)
    assert not read(each[0]) & read(each[1])
