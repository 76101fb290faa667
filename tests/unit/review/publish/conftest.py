"""A platform that answers, and a clock that doesn't wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from review.publish.github import GitHub
from review.publish.gitlab import GitLab
from review.publish.wait import Clock
from tests.unit.review.publish.fake import PLATFORMS, TOKEN, Fake, serving


@pytest.fixture(autouse=True)
def _no_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in pipelines as well."""
    for name in ("GITHUB_TOKEN", "GITLAB_TOKEN", "GITHUB_RUN_ID", "CI_PIPELINE_ID", "GITHUB_EVENT_PATH", "GITHUB_REF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(params=sorted(PLATFORMS))
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with serving(PLATFORMS[request.param]) as served:
        yield served


@pytest.fixture
def github() -> Iterator[Fake]:
    with serving(PLATFORMS["github"]) as served:
        yield served


class Watch:
    """A clock whose waits are only written down."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.clock = Clock(now=lambda: 1_000.0, sleep=self.waits.append, chance=lambda: 0.5)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def variables(fake: Fake) -> dict[str, str]:
    """Return what a pipeline of this platform sets."""
    if fake.platform is PLATFORMS["github"]:
        place = {"GITHUB_API_URL": fake.url, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/pull/7/merge"}
        return {**place, "GITHUB_TOKEN": TOKEN, "GITHUB_SHA": "abc123"}
    place = {"CI_API_V4_URL": fake.url, "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "7"}
    return {**place, "GITLAB_TOKEN": TOKEN, "CI_COMMIT_SHA": "abc123"}


def thread_of(fake: Fake, watch: Watch, **changed: str) -> GitHub | GitLab:
    environment = variables(fake) | changed
    kind = GitHub if fake.platform is PLATFORMS["github"] else GitLab
    return kind.of(environment, None, watch.clock)
