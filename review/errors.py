"""The review's own failures, below `ReviewError`."""

from __future__ import annotations

from spec.errors import ReviewError


class RedactionError(ReviewError):
    """A finished report still holds something that must not be shown; nothing is written."""

    exit_code = 50
