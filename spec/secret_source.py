"""Where a service's secret comes from: encrypted in the stack file, or from a store outside it.

Nothing is read here: `longshore check` runs no command. The program reads each source, once (components/stores.py).
"""

from __future__ import annotations

import math
import string
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from spec.base import Duration, Spec
from spec.secret import Secret

SAFE_BITS = 64
"""What a generated secret has to hold against guessing at least."""


def _as_text(value: Any) -> Any:
    """Return a number or a date as its text: YAML knows both, and Pulumi hands on one of them as a text."""
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, int | date) else value


Rotation = Annotated[
    str, BeforeValidator(_as_text, json_schema_input_type=str | int), Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
]


class GenerateSpec(Spec):
    """What a generated secret looks like."""

    length: int = Field(default=32, ge=8, le=4096)
    """How many characters."""
    alphabet: str = Field(default=string.ascii_letters + string.digits, pattern=r"^[!-~]+$")
    """The characters it is made of: printable ASCII, no space."""

    @model_validator(mode="after")
    def _hard_to_guess(self) -> Self:
        letters = len(set(self.alphabet))
        bits = self.length * math.log2(letters)
        if len(self.alphabet) > letters:
            raise ValueError("`alphabet` names a character twice")
        if bits < SAFE_BITS:
            need = f"at least {math.ceil(SAFE_BITS / math.log2(letters))}" if letters > 1 else "more letters"
            raise ValueError(f"{self.length} of {letters} characters are guessed too easily: needs {need}")
        return self


class GeneratedSource(Spec):
    """A secret that is generated once and kept, encrypted, in the state."""

    generate: GenerateSpec
    rotate: Rotation = "1"
    """Another number, date or word here generates it anew."""


class FileSource(Spec):
    """A secret in a file of the machine that runs Longshore, which git must not know."""

    file: str = Field(min_length=1)
    """Its path: relative to the project, or from the home folder on with `~`. Every byte counts, line ends too."""


class EnvSource(Spec):
    """A secret in an environment variable of the machine that runs Longshore."""

    env: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """The variable's name."""


class CommandSource(Spec):
    """A secret that a command prints, such as `[op, read, "op://vault/item/field"]`. It must not ask for anything."""

    command: tuple[str, ...] = Field(min_length=1)
    """The command and its arguments; no shell reads it. A line end after the secret is left off."""
    timeout: Duration = "30s"
    """How long it may take."""


KINDS = {"generate": "[generate]", "file": "[file]", "env": "[env]", "command": "[command]"}
"""The key that tells each source, and its tag; tags are no part of a path in an error."""
SEALED = "[sealed]"


def _kind(value: Any) -> str:
    for key, tag in KINDS.items():
        if (isinstance(value, dict) and key in value) or key in getattr(type(value), "model_fields", {}):
            return tag
    return SEALED


SecretSource = Annotated[
    Annotated[Secret, Tag(SEALED)]
    | Annotated[GeneratedSource, Tag(KINDS["generate"])]
    | Annotated[FileSource, Tag(KINDS["file"])]
    | Annotated[EnvSource, Tag(KINDS["env"])]
    | Annotated[CommandSource, Tag(KINDS["command"])],
    Discriminator(_kind),
]
"""`{secure: …}`, which becomes a secret `pulumi.Output[str]`, or one of the sources above."""
