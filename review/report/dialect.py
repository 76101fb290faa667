"""What each place that shows Markdown can do, and how much it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """A kind of Markdown. `budget`: bytes of UTF-8, safely below the limit of the place; `folds`: knows <details>."""

    name: str
    budget: int
    alerts: bool
    folds: bool


GITHUB = Dialect("github", 60_000, alerts=True, folds=True)
"""A comment may have 65,536 characters."""
GITHUB_SUMMARY = Dialect("github-summary", 900 * 1024, alerts=True, folds=True)
"""A step's summary over 1 MiB is dropped as a whole."""
GITLAB = Dialect("gitlab", 900_000, alerts=False, folds=True)
"""A note may have 1,000,000 characters."""
PLAIN = Dialect("plain", 900_000, alerts=False, folds=False)
"""For git notes and everything else: no HTML at all."""
DIALECTS = {each.name: each for each in (GITHUB, GITHUB_SUMMARY, GITLAB, PLAIN)}
