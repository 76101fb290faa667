"""Values survive the way through the engine; what isn't known stays unknown."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc

from providers.swarm.properties import UNKNOWN, bag, wrapped

SCALARS = st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=5) | st.just(UNKNOWN)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(st.dictionaries(st.text(min_size=1, max_size=3), VALUES, max_size=4))
def test_there_and_back(values: dict[str, Any]) -> None:
    wire = PropertyValue.marshal_map(wrapped(values))
    assert bag(PropertyValue.unmarshal_map(wire)) == values


def test_unknown_is_the_engines_own_marker() -> None:
    assert PropertyValue.marshal_map(wrapped({"a": UNKNOWN}))["a"] == rpc.UNKNOWN


def test_nothing_is_left_out() -> None:
    assert wrapped({"a": None}) == {}
    assert bag({"a": PropertyValue.null()}) == {}
