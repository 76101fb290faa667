"""Records as people read them: one sentence each."""

from __future__ import annotations

from spec.promotion import (
    Application,
    Approval,
    FreezeOff,
    FreezeOn,
    OutOfBand,
    Override,
    Promotion,
    Record,
    Verification,
)

VERBS = {"promote": "promoted", "rollback": "rolled back to", "hotfix": "promoted as a hotfix"}


def told(record: Record) -> str:
    """Return what a record says."""
    match record:
        case Promotion():
            return f"{VERBS[record.kind]} {record.release}{_because(record.reason)}"
        case Approval():
            return f"agreed to {record.release}{_because(record.reason)}"
        case Application():
            return f"apply of {record.release} to {record.stack}: {record.result}{_because(record.detail)}"
        case Verification():
            failed = ", ".join(each.name for each in record.checks if not each.ok)
            return f"{record.release} is {'verified' if record.ok else f'not good: {failed}'}"
        case FreezeOn():
            until = f" until {record.until:%Y-%m-%d %H:%M} UTC" if record.until else ""
            return f"froze it{until}{_because(record.reason)}"
        case FreezeOff():
            return f"opened it again{_because(record.reason)}"
        case Override():
            return f"went past {', '.join(record.gates)} with {record.release}{_because(record.reason)}"
        case OutOfBand():
            return f"accepted an update of {record.stack} that no promotion asked for{_because(record.reason)}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""
