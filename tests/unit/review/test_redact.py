"""Redaction, layer by layer, and the last look that refuses a report."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from review.errors import RedactionError
from review.marks import COMPUTED, HIDDEN, SEALED
from review.redact import Redactor, settle
from review.sensitive import is_random, is_sensitive_name
from tests.unit.review import log


def redacted(value: Any, name: str = "", **options: Any) -> Any:
    return settle(Redactor(**options).value(value, name))


def packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        (log.SECRET, SEALED),
        (log.COMPUTED, COMPUTED),
        ({log.SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "a" * 64, "text": "x"}, "«asset aaaaaaaaaaaa»"),
        ({log.SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "u", "id": "i"}, "i"),
        ({log.SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "v"}, "v"),
        ({log.SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "v", "secret": True}, SEALED),
        ({log.SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}, COMPUTED),
        ("[secret]", HIDDEN),
        ("postgres host=[secret]", f"postgres host={HIDDEN}"),
    ],
)
def test_pulumi_s_own_marks(marked: Any, shown: Any) -> None:
    assert redacted({"x": marked}) == {"x": shown}


@pytest.mark.parametrize(
    "name", ["password", "dbPassword", "API_KEY", "GITHUB_TOKEN", "secretValue", "proxyAuth", "dsn"]
)
def test_names_that_hold_a_secret(name: str) -> None:
    assert is_sensitive_name(name)


@pytest.mark.parametrize(
    "name", ["secretName", "secretId", "keyFile", "hostKey", "authorizedKeys", "author", "connection", "passwordPolicy"]
)
def test_names_that_only_point_at_one(name: str) -> None:
    assert not is_sensitive_name(name)


def test_references_below_a_sensitive_name_are_shown() -> None:
    value = {"secrets": [{"secretName": "db-1", "fileName": "/run/secrets/db", "fileMode": 256}]}
    assert redacted(value) == value


def test_everything_else_below_a_sensitive_name_is_hidden() -> None:
    assert redacted({"credentials": {"user": "bob", "more": ["x"]}}) == {
        "credentials": {"user": HIDDEN, "more": [HIDDEN]}
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (["DB_PASSWORD=correct horse battery", "MODE=fast"], [f"DB_PASSWORD={HIDDEN}", "MODE=fast"]),
        ([{"name": "DB_PASSWORD", "value": "x"}], [{"name": "DB_PASSWORD", "value": HIDDEN}]),
        (["run", "--password", "x", "--fast"], ["run", "--password", HIDDEN, "--fast"]),
        ("serve --token=abc --port 80", f"serve --token={HIDDEN} --port 80"),
        ("postgres://app:hunter2@db:5432/app", f"postgres://app:{HIDDEN}@db:5432/app"),
        ("ssh://root@10.0.0.1:22", "ssh://root@10.0.0.1:22"),
        ('{"password": "x", "level": 3}', f'{{"password": "{HIDDEN}", "level": 3}}'),
        ("key eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh end", f"key {HIDDEN} end"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n", f"{HIDDEN}\n"),
        ("join SWMTKN-1-abc-def", f"join {HIDDEN}"),
        ("q8ZrT2kLm9XvB4nW7pYc", HIDDEN),
        ("sha256:" + "ab12" * 16, "sha256:" + "ab12" * 16),
        ("registry.acme/web:1.8.2", "registry.acme/web:1.8.2"),
        ("\x1b[31mred\x1b[0m \u202egnp.exe", "red gnp.exe"),
    ],
)
def test_shapes_and_names_inside_values(value: Any, shown: Any) -> None:
    assert redacted({"x": value}) == {"x": shown}


def test_words_and_identifiers_are_not_taken_for_chance() -> None:
    assert not is_random("Shop-Production-Workers-2024-Template-12")
    assert not is_random("42301fa2-8e3c-4a5b-9b1c-0123456789ab")
    assert is_random("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY9")


def test_cloud_init_is_decoded_and_its_secrets_hidden() -> None:
    text = "#cloud-config\nusers:\n  - name: root\n    passwd: |\n      line one\n      line two\nhostname: a\n"
    shown = redacted({"guestinfo.userdata": packed(text)})["guestinfo.userdata"]
    assert "line" not in shown
    assert "hostname: a" in shown


def test_a_decompression_bomb_is_left_alone() -> None:
    bomb = base64.b64encode(gzip.compress(b"\0" * 50_000_000)).decode()
    assert len(redacted(bomb, "guestinfo.userdata")) <= 64 * 1024


def test_equal_hidden_values_are_equal_within_a_run_and_never_across() -> None:
    one = Redactor()
    assert one.value("x", "password") == one.value("x", "password") != one.value("y", "password")
    assert one.value("x", "password") != Redactor().value("x", "password")


def test_no_values_at_all_on_request() -> None:
    assert redacted({"a": "b", "c": 3, "d": True}, values="none") == {"a": HIDDEN, "c": HIDDEN, "d": True}


def test_all_values_on_request_still_hides_what_is_named_a_secret() -> None:
    shown = redacted({"x": "q8ZrT2kLm9XvB4nW7pYc", "password": "y"}, values="all")
    assert shown == {"x": "q8ZrT2kLm9XvB4nW7pYc", "password": HIDDEN}


@pytest.mark.parametrize("text", ["a hunter2hunter2 b", base64.b64encode(b"xhunter2hunter2").decode()])
def test_a_report_with_a_known_secret_is_refused(text: str) -> None:
    with pytest.raises(RedactionError) as refused:
        Redactor(["hunter2hunter2"]).verify(f"line\n{text}")
    assert refused.value.exit_code == 50
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("text", ["postgres://a:b@c", "-----BEGIN PRIVATE KEY-----", "SWMTKN-1-a-b"])
def test_a_report_with_the_shape_of_a_secret_is_refused(text: str) -> None:
    with pytest.raises(RedactionError):
        Redactor().verify(text)


def test_a_redacted_report_passes() -> None:
    redactor = Redactor(["hunter2hunter2"])
    text = redactor.text(json.dumps({"url": "x://a:hunter2hunter2@b", "p": "hunter2hunter2"}))
    assert redactor.verify(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a &lt;secret&gt; b",
        "\\<secret\\>",
        "<sec\u200bret>",
        "%3Csecret%3E",
        '{"a": "{\\"b\\": \\"<secret>\\"}"}',
    ],
)
def test_a_known_secret_is_refused_in_whatever_markup_it_stands(text: str) -> None:
    with pytest.raises(RedactionError, match="line 3"):
        Redactor(["<secret>"]).verify(f"one\ntwo\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "ssh://root@10.0.0.1:22",
        "http://proxy:3128/ and mail to me@example.org",
        '"http://proxy:3128","me@example.org"',
        "https://\u200bhost:8080 and @\u200bteam",
        f"postgres://app:{HIDDEN}@db/app",
        f"x://a:{SEALED}@b",
        "`token` changes; `password` is hidden",
        "registry.acme:5000/web@sha256:" + "ab" * 32,
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_a_report_without_a_secret_is_not_refused(text: str) -> None:
    assert Redactor(["hunter2"]).verify(text) == text
