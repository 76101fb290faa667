"""The JSON schema of the change model, for those who feed it to other tools."""

from __future__ import annotations

import json

from review.model import ChangeModel


def schema() -> str:
    """Return the schema as it is committed in review/schema.json."""
    return json.dumps(ChangeModel.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
