"""Whatever a state holds and whatever happened before: what a fingerprint sees, and what an apply may go on from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release.standing import step
from release.state import SECRET, fingerprint
from spec.errors import StaleError
from spec.promotion import Application, Promotion
from tests import releases
from tests.releases import NOON

KEYS = st.text("abcdef", min_size=1, max_size=4)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
RESOURCES = st.lists(
    st.fixed_dictionaries({"urn": KEYS, "type": KEYS, "inputs": VALUES, "outputs": VALUES}), min_size=1, max_size=5
)
STATES = st.sampled_from(["a" * 64, "b" * 64, "c" * 64])
RESULTS = st.sampled_from(["begun", "succeeded", "failed", "interrupted"])


@given(RESOURCES, st.randoms(), st.text(max_size=8), st.text(max_size=8))
def test_only_times_order_and_ciphertexts_are_not_seen(resources: Any, random: Any, time: str, cipher: str) -> None:
    secret = {SECRET: "1b47", "ciphertext": cipher}
    written = [each | {"modified": time, "key": secret} for each in resources]
    before = [each | {"modified": "then", "key": {SECRET: "1b47", "ciphertext": "old"}} for each in resources]
    random.shuffle(written)
    assert fingerprint({"resources": written}) == fingerprint({"resources": before})


@given(RESOURCES, VALUES, st.data())
def test_every_other_change_of_a_resource_is_seen(resources: list[Any], value: Any, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(resources) - 1))
    changed = [dict(each) for each in resources]
    changed[number]["outputs"] = [value, changed[number]["outputs"]]
    assert fingerprint({"resources": changed}) != fingerprint({"resources": resources})


@given(STATES, STATES, RESULTS, st.none() | STATES)
def test_nothing_is_done_from_a_state_that_nobody_approved_or_left(
    now: str, approved: str, result: str, left: str | None
) -> None:
    told: dict[str, Any] = {"at": NOON, "by": "Ann", "release": releases.release().id}
    promotion = Promotion.model_validate(told | {"commit": releases.COMMIT, "states": {"prod": approved}})
    content = told | {"at": NOON + timedelta(hours=1), "stack": "prod", "result": result, "state": left}
    last = Application.model_validate(content)
    known = now in (approved, left) or (left is None and result != "succeeded")
    if known:
        found = step("prod", "prod", promotion, last, now)
        assert (found == "done") == (result == "succeeded" and left == now)
    else:
        with pytest.raises(StaleError):
            step("prod", "prod", promotion, last, now)
