"""Environments in the middle of their lives, as a status shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from release.gate import Gate, State
from release.status import Distance, Lag, Next, Row, Status, Verified
from spec.promotion import Application as Applied
from spec.promotion import Check, Promotion, Record, Verification
from spec.release import Release
from tests import releases
from tests.releases import NOON

FIRST = releases.release(1, changelog=("The first",))
SECOND = releases.release(
    2,
    created=NOON + timedelta(days=2),
    images={"web": releases.image("b", "1.1")},
    changelog=("Greet", "Mend the page"),
)
SAME = Distance(lag=Lag.IN_SYNC)
CUT = (FIRST, SECOND)


def life(release: Release, stack: str, hours: float, ok: bool | None = True, result: str = "succeeded") -> list[Record]:
    """Records of a release that was promoted `hours` after noon, applied, and verified (None: not yet)."""
    at = NOON + timedelta(hours=hours)
    ended, looked = at + timedelta(minutes=5), at + timedelta(minutes=6)
    told: dict[str, Any] = {"by": "Ann", "release": release.id}
    records: list[Record] = [
        Promotion.model_validate({"at": at, "commit": releases.COMMIT, **told}),
        Applied.model_validate({"at": at, "stack": stack, "result": "begun", **told}),
        Applied.model_validate({"at": ended, "stack": stack, "result": result, "state": "a" * 64, **told}),
    ]
    if ok is None:
        return records
    check = Check(name="http web /", ok=ok, found="answers 200" if ok else "answers 500, not 200")
    return [
        *records,
        Verification.model_validate({"at": looked, "ok": ok, "checks": (check,), **told}),
    ]


def three() -> Status:
    """A good dev, a staging that stopped a bad release, and a prod that is behind and frozen."""
    wrong = Check(name="http web / at 10.0.0.92", ok=False, found="answers 500, not 200")
    good = Check(name="swarm dev", ok=True, found="converged")
    gates = (
        Gate(name="order", state=State.FAILED, found="was not found good in staging: http web /", fix="apply it"),
        Gate(name="freeze", state=State.FAILED, found="Ann since noon: <script>document.title='owned'</script>"),
        Gate(name="window", state=State.PASSED, found="always open"),
    )
    common: dict[str, Any] = {"since": NOON, "age": 7500, "drift": "none"}
    return Status(
        at=NOON + timedelta(hours=3),
        rows=(
            Row(
                environment="dev", stacks=("lab-dev",), promoted=SECOND.id, running=SECOND.id, verified=Verified.YES,
                checks=(good,), images={"web": SECOND.images["web"].pinned}, distance=SAME, **common,
            ),
            Row(
                environment="staging", after=("dev",), stacks=("lab-staging",), promoted=SECOND.id, running=SECOND.id,
                verified=Verified.NO, checks=(good, wrong), images={"web": SECOND.images["web"].pinned},
                distance=SAME, **common,
            ),
            Row(
                environment="prod", after=("staging",), stacks=("lab-prod",), promoted=FIRST.id, running=FIRST.id,
                verified=Verified.YES, checks=(good,), images={"web": FIRST.images["web"].pinned},
                distance=Distance(lag=Lag.BEHIND, releases=1, commits=2, seconds=172800), frozen="Ann is ill",
                gates=gates, next=Next(release=SECOND.id, gate="order", found=gates[0].found), **common,
            ),
        ),
    )  # fmt: skip
