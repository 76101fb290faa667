"""Faults of a platform: retried when that helps, told plainly when not, never with the token."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from review.publish.api import checked_base, is_loopback
from review.publish.comment import Text
from review.publish.github import GitHub
from review.publish.gitlab import GitLab
from review.publish.upsert import Outcome, upsert
from review.publish.wait import TRIES
from spec.errors import ReviewError
from tests.unit.review.publish.conftest import Watch, thread_of, variables
from tests.unit.review.publish.fake import TOKEN, Fake, Reply

TEXT = Text("shop", "report\n")


def refused(fake: Fake, watch: Watch, **changed: str) -> str:
    with pytest.raises(ReviewError) as caught:
        upsert(thread_of(fake, watch, **changed), TEXT)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_that_recovers_is_asked_again(fake: Fake, watch: Watch, method: str) -> None:
    fake.fail(method, Reply(502), Reply(500, {"message": "oops"}), Reply(503, headers={"Retry-After": "9"}))
    assert upsert(thread_of(fake, watch), TEXT) is Outcome.CREATED
    assert watch.waits == [1.0, 2.0, 9.5]


def test_a_server_that_stays_down_is_given_up(fake: Fake, watch: Watch) -> None:
    fake.fail("GET", *[Reply(503, {"message": "down for maintenance"})] * (TRIES + 1))
    assert "503" in refused(fake, watch)
    assert len(watch.waits) == TRIES - 1


def test_a_used_up_limit_is_waited_for(fake: Fake, watch: Watch) -> None:
    limit = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1042"}
    fake.fail("POST", Reply(403, {"message": "API rate limit exceeded"}, limit))
    assert upsert(thread_of(fake, watch), TEXT) is Outcome.CREATED
    assert watch.waits == [42.5]


def test_a_limit_that_ends_in_an_hour_is_told_at_once(fake: Fake, watch: Watch) -> None:
    fake.fail("POST", Reply(429, {"message": "slow down"}, {"Retry-After": "3600"}))
    assert "limit is used up" in refused(fake, watch)
    assert not watch.waits


def test_no_answer_at_all_is_retried_and_told(fake: Fake, watch: Watch) -> None:
    environment = variables(fake)
    name = "GITHUB_API_URL" if "GITHUB_API_URL" in environment else "CI_API_V4_URL"
    message = refused(fake, watch, **{name: "http://127.0.0.1:9"})
    assert "no answer: ConnectionError" in message
    assert len(watch.waits) == TRIES - 1


def test_a_wrong_token_is_told_with_what_it_needs(fake: Fake, watch: Watch) -> None:
    message = refused(fake, watch, GITHUB_TOKEN="wrong-canary", GITLAB_TOKEN="wrong-canary")
    assert "401 " in message
    assert "pull-requests: write" in message or "scope `api`" in message
    assert "wrong-canary" not in message


@pytest.mark.parametrize("value", ["", "  "])
def test_a_missing_token_is_told_by_its_variable(fake: Fake, watch: Watch, value: str) -> None:
    message = refused(fake, watch, GITHUB_TOKEN=value, GITLAB_TOKEN=value)
    assert message.startswith(("GITHUB_TOKEN: is not set", "GITLAB_TOKEN: is not set"))
    assert not fake.calls


def test_a_request_that_does_not_exist_is_told(fake: Fake, watch: Watch) -> None:
    message = refused(fake, watch, GITHUB_REF="refs/pull/99/merge", CI_MERGE_REQUEST_IID="99")
    assert "404 " in message


def test_a_redirect_is_not_followed(fake: Fake, watch: Watch) -> None:
    fake.fail("GET", Reply(301, headers={"Location": "http://127.0.0.1:9/stolen"}))
    assert "301" in refused(fake, watch)


def test_an_answer_that_is_no_json_is_told(fake: Fake, watch: Watch) -> None:
    fake.fail("GET", Reply(200, raw=b"<html>log in</html>"))
    assert "is no JSON" in refused(fake, watch)


def test_the_token_is_in_no_log_and_no_netrc_replaces_it(
    fake: Fake, watch: Watch, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with caplog.at_level(logging.DEBUG):
        assert upsert(thread_of(fake, watch), TEXT) is Outcome.CREATED
    assert TOKEN not in caplog.text
    assert not [call for call in fake.calls if TOKEN in call]


@pytest.mark.parametrize(
    "address",
    [
        "http://api.github.com",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "api.github.com",
        "https://user:pw@github.example",
        "https://github.example/api?x=1",
        "https://",
        "",
    ],
)
def test_an_address_that_would_show_the_token_is_refused(address: str) -> None:
    with pytest.raises(ReviewError, match="the platform's address"):
        checked_base(address)


def test_addresses_that_are_fine() -> None:
    assert checked_base("https://github.example/api/v3/") == "https://github.example/api/v3"
    assert checked_base("http://[::1]:8080") == "http://[::1]:8080"
    assert is_loopback("localhost")
    assert not is_loopback("localhost.evil.example")


def test_a_workflows_own_token_writes_as_the_actions_bot(github: Fake, watch: Watch) -> None:
    github.knows_me = False
    github.put(TEXT.body)
    assert upsert(thread_of(github, watch), Text("shop", "new\n")) is Outcome.UPDATED


def test_the_pull_request_comes_from_the_event_and_its_status_goes_to_its_head(
    github: Fake, watch: Watch, tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"number": 7, "pull_request": {"number": 7, "head": {"sha": "feed"}}}))
    thread = thread_of(github, watch, GITHUB_REF="refs/heads/main", GITHUB_EVENT_PATH=str(event))
    assert upsert(thread, TEXT) is Outcome.CREATED
    thread.status("review", False, "2 blockers " + "x" * 200)
    assert github.calls[-1] == "POST /repos/acme/shop/statuses/feed"
    assert github.statuses[0]["state"] == "failure"
    assert len(github.statuses[0]["description"]) == 140


def test_a_status_that_gitlab_has_already_is_fine(watch: Watch, fake: Fake) -> None:
    fake.fail("POST", Reply(400, {"message": "Cannot transition status via :run from :running"}))
    thread = thread_of(fake, watch)
    if isinstance(thread, GitLab):
        thread.status("review", True, "nothing")
    else:
        with pytest.raises(ReviewError, match="400"):
            thread.status("review", True, "nothing")


@pytest.mark.parametrize("reference", ["", "refs/heads/main", "refs/pull/x/merge", "refs/pull/0/merge"])
def test_outside_a_pull_request_its_number_has_to_be_given(github: Fake, watch: Watch, reference: str) -> None:
    assert "--pr NUMBER" in refused(github, watch, GITHUB_REF=reference)
    environment = variables(github) | {"GITHUB_REF": reference}
    assert upsert(GitHub.of(environment, 7, watch.clock), TEXT) is Outcome.CREATED


def test_a_run_is_ordered_by_the_numbers_of_its_platform() -> None:
    assert GitLab.order({"CI_PIPELINE_ID": "12", "CI_JOB_ID": "99"}) == (12, 99)
    assert GitLab.order({"CI_PIPELINE_ID": "12"}) == ()
    assert GitHub.order({"GITHUB_RUN_ID": "5", "GITHUB_RUN_ATTEMPT": "2"}) == (5, 2)
