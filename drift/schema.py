"""The JSON schema of `longshore drift --json`."""

from __future__ import annotations

import json

from drift.finding import Report


def schema() -> str:
    """Return the schema as it is committed in drift/schema.json."""
    model = Report.model_json_schema(mode="serialization")
    return json.dumps(model, indent=2, ensure_ascii=False) + "\n"
