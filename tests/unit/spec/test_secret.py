"""A secret: sealed on its way in, never seen again."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from spec.base import Spec
from spec.secret import AT_REST, Secret
from tests.recorder import build


class Holder(Spec):
    it: Secret


def sealed(value: Any, **options: Any) -> pulumi.Output[str]:
    output: pulumi.Output[str] = Holder.model_validate({"it": value}, **options).it
    return output


@pytest.mark.parametrize("value", [None, 5, True, [], {}, {"secure": "v1:x"}, {"a": "b"}])
def test_the_running_program_takes_texts_only(value: object) -> None:
    with pytest.raises(ValidationError, match="must be an encrypted value"):
        sealed(value)


@pytest.mark.parametrize("value", ["hunter2", None, {"secure": "a", "b": "c"}, {}, ["hunter2"]])
def test_a_file_at_rest_holds_ciphertext_only(value: object) -> None:
    with pytest.raises(ValidationError, match="must be an encrypted value") as caught:
        sealed(value, context=AT_REST)
    assert "hunter2" not in str(caught.value)


def test_at_rest_the_ciphertext_is_not_taken_for_the_secret() -> None:
    assert isinstance(sealed({"secure": "v1:canary"}, context=AT_REST), pulumi.Output)
    assert "canary" not in repr(Holder.model_validate({"it": {"secure": "v1:canary"}}, context=AT_REST))


@given(st.text("abcdef0189-", min_size=12, max_size=20))
def test_no_form_of_the_model_shows_it(value: str) -> None:
    holder = Holder.model_validate({"it": value})
    assert value not in f"{holder!r} {holder} {holder.model_dump_json()} {holder.model_dump()}"
    assert holder.model_dump() == {"it": "[secret]"}


def test_the_schema_asks_for_an_encrypted_value() -> None:
    described = Holder.model_json_schema()["properties"]["it"]
    assert described["required"] == ["secure"]
    assert described["additionalProperties"] is False


def test_what_pulumi_is_given_is_the_value_marked_secret() -> None:
    def program() -> None:
        output = sealed("hunter2")
        pulumi.Output.all(output, output.is_secret()).apply(seen.append)

    seen: list[Any] = []
    build(program)
    assert seen == [["hunter2", True]]
