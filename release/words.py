"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def span(time: timedelta) -> str:
    """Return a time as people write it: `1d 2h`, `5m`, `10s`."""
    left, parts = int(time.total_seconds()), []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, length)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts[:2]) or "0s"


def moment(time: datetime) -> str:
    """Return a moment as people read it, in UTC."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
