"""An image reference in its parts: repository, tag, digest. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_REFERENCE = re.compile(
    r"(?P<repo>[^@\s]+?)(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>[\w+.-]+:[0-9a-fA-F]{32,}))?"
)
_NUMBERS = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?=$|[-+.])")
DATABASES = {
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "elasticsearch",
    "opensearch",
    "rabbitmq",
}
"""Images whose new major version changes the data on disk for good."""


class Image(NamedTuple):
    """An image reference. An empty tag and digest mean `latest`."""

    repo: str
    tag: str = ""
    digest: str = ""

    @property
    def is_pinned(self) -> bool:
        """Say whether the reference can only ever mean one content."""
        return bool(self.digest)

    @property
    def is_floating(self) -> bool:
        """Say whether nobody can tell which version is meant."""
        return not self.digest and self.tag in ("", "latest")

    @property
    def is_database(self) -> bool:
        """Say whether a major version changes the data on disk."""
        return self.repo.rpartition("/")[2] in DATABASES

    @property
    def label(self) -> str:
        """The reference as people say it: with its tag, else with the beginning of its digest."""
        kind, _, digest = self.digest.partition(":")
        return (
            f"{self.repo}@{kind}:{digest[:12]}…" if digest and not self.tag else f"{self.repo}:{self.tag or 'latest'}"
        )

    def version(self) -> tuple[int, ...] | None:
        """Return the numbers of the tag, or None when it has none. `16-alpine` is (16,)."""
        match = _NUMBERS.match(self.tag)
        return tuple(int(number) for number in match.groups() if number is not None) if match else None


def parse(reference: object) -> Image | None:
    """Split a reference, or return None when it is none."""
    match = _REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    if match is None or "«" in match["repo"]:
        return None
    return Image(match["repo"], match["tag"] or "", match["digest"] or "")
