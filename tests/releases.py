"""Releases, environments and records for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from release import environments, releases
from spec.environments import Environments
from spec.promotion import Application, Check, Promotion, Verification
from spec.release import Release

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
COMMIT = "0123456789abcdef0123456789abcdef01234567"

ENVIRONMENTS = """\
environments:
  dev:
    stacks: [dev]
  staging:
    after: [dev]
    stacks: [staging]
    gates: {soak: 2h}
  prod:
    after: [staging]
    stacks: [prod]
    gates: {soak: 24h, approvals: {count: 1}}
"""


def image(digit: str = "a", tag: str | None = "1.0", repository: str = "registry.test/web") -> dict[str, Any]:
    return {"repository": repository, "tag": tag, "digest": f"sha256:{digit * 64}"}


def release(number: int = 1, **changes: Any) -> Release:
    content = {"created": NOON, "by": "Ada", "commit": COMMIT, "stack": "dev", "images": {"web": image()}}
    return Release.cut(number, **{**content, **changes})


def saved(root: Path, **changes: Any) -> Release:
    made = release(**changes)
    releases.save(root, made)
    return made


def declared(text: str = ENVIRONMENTS) -> Environments:
    return environments.parse(text)


def promoted(id_: str, at: datetime = NOON, kind: str = "promote", by: str = "Ada", commit: str = COMMIT) -> Promotion:
    return Promotion(kind=kind, at=at, by=by, release=id_, commit=commit)


def applied(id_: str, at: datetime = NOON, result: str = "succeeded", stack: str = "dev") -> Application:
    return Application(at=at, by="ci", release=id_, stack=stack, result=result)


def verified(id_: str, at: datetime = NOON, ok: bool = True) -> Verification:
    return Verification(at=at, by="ci", release=id_, ok=ok, checks=(Check(name="swarm", ok=ok),))
