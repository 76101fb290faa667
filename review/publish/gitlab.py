"""GitLab: notes of a merge request, and a commit's status.

https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from review.publish.api import Api, Token
from review.publish.comment import Comment, Order, Text
from review.publish.place import needed, number, order
from review.publish.thread import GoneError
from review.publish.wait import Clock
from spec.errors import ReviewError

ADVICE = (
    "GITLAB_TOKEN must be a project or personal access token with the scope `api`: a job's own token can't write notes"
)

SET_ALREADY = "Cannot transition status"
"""What GitLab says to a status that is what it should become."""


class GitLab:
    """The notes of one merge request that the token's owner wrote."""

    def __init__(self, api: Api, project: str, request: int, sha: str = "") -> None:
        self._api = api
        self._path = f"/projects/{quote(project, safe='')}"
        self._notes = f"{self._path}/merge_requests/{request}/notes"
        self._sha = sha
        self._author: int | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str], request: int | None, clock: Clock) -> GitLab:
        """Take address, project, merge request and token from the variables that GitLab CI sets."""
        token = Token("PRIVATE-TOKEN", needed(environment, "GITLAB_TOKEN", "a token that may comment"))
        base = environment.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
        named = request or number(environment.get("CI_MERGE_REQUEST_IID", ""), "CI_MERGE_REQUEST_IID is not set")
        sha = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA", "")
        project = needed(environment, "CI_PROJECT_ID", "a project's number or path")
        return cls(Api(base, token, {}, ADVICE, clock), project, named, sha)

    @staticmethod
    def order(environment: Mapping[str, str]) -> Order:
        """Return which run this is."""
        return order(environment, "CI_PIPELINE_ID", "CI_JOB_ID")

    def comments(self, key: str) -> list[Comment]:
        """Return our notes with this key; those of others are not ours to change, whatever they contain."""
        found = []
        for each in self._api.pages(self._notes):
            text = None if each.get("system") else Text.parse(each.get("body") or "")
            if text and text.key == key and (each.get("author") or {}).get("id") == self._me():
                found.append(Comment(int(each["id"]), text))
        return found

    def read(self, comment: int) -> Text | None:
        """Return a note as it is now."""
        try:
            return Text.parse(self._api.ask("GET", f"{self._notes}/{comment}")["body"] or "")
        except GoneError:
            return None

    def create(self, text: Text) -> None:
        """Add a note to the merge request."""
        self._api.ask("POST", self._notes, {"body": text.body})

    def update(self, comment: int, text: Text) -> None:
        """Replace a note's text."""
        self._api.ask("PUT", f"{self._notes}/{comment}", {"body": text.body})

    def delete(self, comment: int) -> None:
        """Remove a note."""
        try:
            self._api.ask("DELETE", f"{self._notes}/{comment}")
        except GoneError:
            return

    def status(self, context: str, ok: bool, description: str) -> None:
        """Set the status of the merge request's last commit."""
        content = {"state": "success" if ok else "failed", "name": context, "description": description[:140]}
        try:
            self._api.ask("POST", f"{self._path}/statuses/{self._sha}", content)
        except ReviewError as error:
            if SET_ALREADY not in error.found:
                raise

    def _me(self) -> int:
        if self._author is None:
            self._author = int(self._api.ask("GET", "/user")["id"])
        return self._author
