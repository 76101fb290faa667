"""The JSON schemas of what a promotion is made of, as they are committed in stacks/."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from spec.environments import Environments
from spec.promotion import RECORD
from spec.release import Release


class Noun(StrEnum):
    """What there is a schema of."""

    RELEASE = "release"
    ENVIRONMENTS = "environments"
    PROMOTION = "promotion"


def schema(noun: Noun) -> str:
    """Return a schema as it is committed in stacks/<noun>.schema.json."""
    models: dict[Noun, dict[str, Any]] = {
        Noun.RELEASE: Release.model_json_schema(),
        Noun.ENVIRONMENTS: Environments.model_json_schema(),
        Noun.PROMOTION: RECORD.json_schema(),
    }
    return json.dumps(models[noun], indent=2, ensure_ascii=False) + "\n"
