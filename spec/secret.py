"""The one way a secret enters the program: sealed into an Output while it is validated.

Pulumi hands nested `secure:` values to the program in plain text (pulumi/pulumi#7127); sealing them here keeps
them out of every model, log line and error that comes later.
"""

from __future__ import annotations

from typing import Annotated, Any

import pulumi
from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

AT_REST = {"at_rest": True}
"""Validation context for a stack file read as it lies on disk: secrets are ciphertext there, and must be."""


def _seal(value: Any, info: ValidationInfo) -> pulumi.Output[str]:
    encrypted = isinstance(value, dict) and set(value) == {"secure"}
    if (info.context or {}).get("at_rest"):
        if encrypted:
            return pulumi.Output.secret("")
    elif isinstance(value, str | pulumi.Output):
        return pulumi.Output.secret(value)
    raise PydanticCustomError("not_encrypted", "must be an encrypted value")


Secret = Annotated[
    Any,
    PlainValidator(_seal),
    PlainSerializer(lambda _: "[secret]"),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"secure": {"type": "string"}},
            "required": ["secure"],
            "additionalProperties": False,
            "description": "Encrypted; set it with `pulumi config set --secret --path`.",
        }
    ),
]
"""A secret string: `{secure: …}` in the file, a secret `pulumi.Output[str]` in the program."""
