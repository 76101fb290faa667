"""GitHub: comments of a pull request, and a commit's status.

https://docs.github.com/en/rest/issues/comments and https://docs.github.com/en/rest/commits/statuses
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review.publish.api import Api, Token
from review.publish.comment import Comment, Order, Text
from review.publish.place import needed, number, order
from review.publish.thread import GoneError
from review.publish.wait import Clock
from spec.errors import ReviewError

ACTIONS = "github-actions[bot]"
"""The author of what a workflow's own token writes. That token may not ask who it is."""
ADVICE = "the token needs `pull-requests: write` (and `statuses: write` for --status) on this repository"


class GitHub:
    """The comments of one pull request that the token's owner wrote."""

    def __init__(self, api: Api, repository: str, pull: int, sha: str = "") -> None:
        self._api = api
        self._path = f"/repos/{repository}"
        self._pull = pull
        self._sha = sha
        self._author = ""

    @classmethod
    def of(cls, environment: Mapping[str, str], pull: int | None, clock: Clock) -> GitHub:
        """Take address, repository, pull request and token from the variables that GitHub Actions sets."""
        token = Token("Authorization", f"Bearer {needed(environment, 'GITHUB_TOKEN', 'a token that may comment')}")
        base = environment.get("GITHUB_API_URL") or "https://api.github.com"
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        event = _event(environment).get("pull_request") or {}
        named = pull or number(_pull(environment, event), "GITHUB_REF names no pull request")
        sha = (event.get("head") or {}).get("sha") or environment.get("GITHUB_SHA", "")
        api = Api(base, token, headers, ADVICE, clock)
        return cls(api, needed(environment, "GITHUB_REPOSITORY", "owner/name"), named, sha)

    @staticmethod
    def order(environment: Mapping[str, str]) -> Order:
        """Return which run this is."""
        return order(environment, "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT")

    def comments(self, key: str) -> list[Comment]:
        """Return our comments with this key; those of others are not ours to change, whatever they contain."""
        found = []
        for each in self._api.pages(f"{self._path}/issues/{self._pull}/comments"):
            text = Text.parse(each.get("body") or "")
            if text and text.key == key and (each.get("user") or {}).get("login") == self._me():
                found.append(Comment(int(each["id"]), text))
        return found

    def read(self, comment: int) -> Text | None:
        """Return a comment as it is now."""
        try:
            return Text.parse(self._api.ask("GET", self._comment(comment))["body"] or "")
        except GoneError:
            return None

    def create(self, text: Text) -> None:
        """Add a comment to the pull request."""
        self._api.ask("POST", f"{self._path}/issues/{self._pull}/comments", {"body": text.body})

    def update(self, comment: int, text: Text) -> None:
        """Replace a comment's text."""
        self._api.ask("PATCH", self._comment(comment), {"body": text.body})

    def delete(self, comment: int) -> None:
        """Remove a comment."""
        try:
            self._api.ask("DELETE", self._comment(comment))
        except GoneError:
            return

    def status(self, context: str, ok: bool, description: str) -> None:
        """Set the status of the pull request's last commit."""
        state = "success" if ok else "failure"
        content = {"state": state, "context": context, "description": description[:140]}
        self._api.ask("POST", f"{self._path}/statuses/{self._sha}", content)

    def _comment(self, comment: int) -> str:
        return f"{self._path}/issues/comments/{comment}"

    def _me(self) -> str:
        if not self._author:
            try:
                self._author = str(self._api.ask("GET", "/user")["login"])
            except ReviewError as error:
                if not error.found.startswith("403 "):
                    raise
                self._author = ACTIONS
        return self._author


def _event(environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        content = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text())
    except (KeyError, OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _pull(environment: Mapping[str, str], event: Mapping[str, Any]) -> str:
    parts = environment.get("GITHUB_REF", "").split("/")
    return parts[2] if parts[:2] == ["refs", "pull"] and len(parts) > 2 else str(event.get("number", ""))
