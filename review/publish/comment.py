"""A published report: a text under a hidden stamp by which it is found again, and known to be the same."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

Order = tuple[int, ...]
"""Which run of the pipeline wrote a report: a later one is greater; () when it was no pipeline."""

_STAMP = re.compile(
    r"<!-- longshore:comment v1 key=(?P<key>\S*) order=(?P<order>[\d.]*) hash=(?P<hash>[0-9a-f]{32}) -->"
)
_STALE = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """What is published. `key`: one comment for each; `order`: see Order."""

    key: str
    text: str
    order: Order = ()

    @property
    def body(self) -> str:
        """The text under its stamp."""
        order = ".".join(map(str, self.order))
        return f"<!-- longshore:comment v1 key={_safe(self.key)} order={order} hash={_hash(self.text)} -->\n{self.text}"

    @classmethod
    def parse(cls, body: str) -> Text | None:
        """Return what was published in a comment; None when it has no stamp of ours on top."""
        head, _, text = body.replace("\r\n", "\n").partition("\n")
        found = _STAMP.fullmatch(head.strip())
        if found is None:
            return None
        order = tuple(int(part) for part in found["order"].split(".") if part)
        return cls(unquote(found["key"]), text, order)

    def says_the_same(self, other: Text) -> bool:
        """Say whether a reader sees no difference: platforms trim what they are given."""
        return self.key == other.key and _hash(self.text) == _hash(other.text)

    def is_older_than(self, other: Text) -> bool:
        """Say whether a later run wrote the other one. A report of no pipeline is never older: it was asked for."""
        return bool(self.order) and self.order < other.order


@dataclass(frozen=True)
class Comment:
    """A comment of ours on a platform: `id` orders them by age."""

    id: int
    content: Text


def _hash(text: str) -> str:
    return hashlib.sha256(_STALE.sub("", text.replace("\r\n", "\n")).strip().encode()).hexdigest()[:32]


def _safe(key: str) -> str:
    """Return a key without anything that could end an HTML comment."""
    return quote(key, safe="").replace("-", "%2D")
