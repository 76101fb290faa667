"""The JSON schema of a stack file, for the editor (`# yaml-language-server: $schema=schema.json`)."""

from __future__ import annotations

import json

from spec.stack import StackFile


def schema() -> str:
    """Return the schema as it is committed in stacks/schema.json."""
    return json.dumps(StackFile.model_json_schema(by_alias=True), indent=2, ensure_ascii=False) + "\n"
