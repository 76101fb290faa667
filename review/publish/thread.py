"""The seam to a platform: the comments of one pull request, those that this project wrote."""

from __future__ import annotations

from typing import Protocol

from review.publish.comment import Comment, Text
from spec.errors import ReviewError


class TooLongError(ReviewError):
    """The platform takes no text of this length."""


class GoneError(ReviewError):
    """The comment was deleted in the meantime."""


class Thread(Protocol):
    """What `upsert` needs of a platform. Every method raises ReviewError when the platform refuses."""

    def comments(self, key: str) -> list[Comment]:
        """Return every comment of this author with this key, whichever page it is on."""
        ...

    def read(self, comment: int) -> Text | None:
        """Return a comment as it is now; None when it is gone or somebody removed its stamp."""
        ...

    def create(self, text: Text) -> None:
        """Add a comment. Raises TooLongError."""
        ...

    def update(self, comment: int, text: Text) -> None:
        """Replace a comment's text. Raises TooLongError and GoneError."""
        ...

    def delete(self, comment: int) -> None:
        """Remove a comment; one that is gone already is fine."""
        ...
