"""What looks like a secret, by its name or by its shape, and what only sounds like one."""

from __future__ import annotations

import pytest

from review.sensitive import (
    JOIN_TOKEN,
    JWT,
    PREFIXED,
    PRIVATE_KEY,
    SHAPES,
    USERINFO,
    is_random,
    is_reference_name,
    is_sensitive_name,
)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "dbPassword",
        "DB_PASSWORD",
        "db-password",
        "PGPASSWORD",
        "rootpassword",
        "MYSQL_PWD",
        "passphrase",
        "secret",
        "clientSecret",
        "clientsecret",
        "secretAccessKey",
        "accessToken",
        "accesstoken",
        "GITHUB_TOKEN",
        "tokens",
        "credentials",
        "registryCreds",
        "APIKey",
        "API_KEY",
        "API_KEY_2",
        "apiKey1",
        "password2",
        "apikey",
        "privateKey",
        "sshPrivateKey",
        "encryption_key",
        "proxyAuth",
        "redis.auth",
        "smtpPass",
        "dsn",
        "SENTRY_DSN",
        "dbConn",
        "passwordSalt",
        "unlockPin",
        "Authorization",
        "sessionCookie",
        "chpasswd",
        "--password",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_sensitive_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-",
        "42",
        "name",
        "secretName",
        "secret_id",
        "secretsProvider.type",
        "passwordFile",
        "PASSWORD_FILE",
        "passwordPolicy",
        "passwordLength",
        "tokenTtl",
        "tokenVersion",
        "keyPath",
        "publicKey",
        "hostKey",
        "ssh_authorized_keys",
        "partitionKey",
        "cacheKey",
        "primaryKey",
        "keyboard",
        "keynote",
        "monkey",
        "author",
        "authority",
        "passive",
        "compass",
        "connection",
        "spinner",
        "pinned",
        "saltstack",
        "tokenizer",
        "secretary",
        "bypass",
    ],
)
def test_names_that_only_sound_like_it(name: str) -> None:
    assert not is_sensitive_name(name)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("secretId", True),
        ("fileName", True),
        ("imageDigest", True),
        ("publicKey", True),
        ("hostUser", True),
        ("minimum", False),
        ("user", False),
        ("", False),
    ],
)
def test_names_that_point_at_something(name: str, points: bool) -> None:
    assert is_reference_name(name) is points


@pytest.mark.parametrize(
    "text",
    [
        "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY9",
        "q8ZrT2kLm9XvB4nW7pYc",
        "dGhpcyBpcyBhIHNlY3JldCB2YWx1ZSE5Zz0=",
        "Xy7-Qw9_Zt3+Lp5/Mn1=Kk8Vb",
        f"{'q8ZrT2kLm9XvB4nW' * 4}\n{'7pYcR3sTu6QwE1xZ' * 4}\nq8Zr==\n",
        "--key=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY9",
    ],
)
def test_texts_drawn_by_chance(text: str) -> None:
    assert is_random(text)


@pytest.mark.parametrize(
    "text",
    [
        "q8ZrT2kLm9XvB4nW7pY",
        "shop-production-workers-1-data",
        "Shop-Production-2024-Template-Debian-12",
        "/var/lib/docker/volumes/Data1",
        "--stop-signal=SIGRTMIN+3",
        "AAAAB3NzaC1yc2EAAAADAQABAAABAQC7",
        "42301fa2-8e3c-4a5b-9b1c-0123456789AB",
        "00:50:56:AB:cd:ef:01:23:45:67",
        "sha256aBcDeF0123456789aBcDeF0123456789"[6:],
        "ThisIsOnlyAVeryLongCamelCaseName",
        "ALLCAPSANDDIGITS0123456789ALLCAPS",
        "aB1aB1aB1aB1aB1aB1aB1",
        "Debian\n12\nTemplate\nForShopProduction",
        f"{'word-and-another-' * 4}\n{'word-and-another-' * 4}\n",
        "with a space q8ZrT2kLm9XvB4nW7pYc",
    ],
)
def test_texts_that_mean_something(text: str) -> None:
    assert not is_random(text)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (PRIVATE_KEY, "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"),
        (PRIVATE_KEY, "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n-----END OPENSSH PRIVATE KEY-----"),
        (PRIVATE_KEY, "-----BEGIN EC PRIVATE KEY-----\nnever ends"),
        (JWT, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_def"),
        (JWT, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0."),
        (JOIN_TOKEN, "SWMTKN-1-49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv-8vxv8rssmk743ojnwacrr2e7c"),
        (PREFIXED, "ghp_0123456789abcdefghijABCDEFGHIJ"),
        (PREFIXED, "github_pat_0123456789abcdefghij_AB"),
        (PREFIXED, "glpat-0123456789abcdef"),
        (PREFIXED, "xoxb-1234567890-abc"),
        (PREFIXED, "AKIAIOSFODNN7EXAMPLE"),
        (PREFIXED, "sk_live_0123456789abcdef"),
    ],
)
def test_shapes_of_secrets_are_found_whole_inside_a_sentence(shape: object, text: str) -> None:
    (only,) = [each for each in SHAPES if each is shape]
    found = only.search(f"it said {text}")
    assert found
    assert found.group() == text


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "eyJ.short.one",
        "SWMTKN is the start of a join token",
        "ghp_tooshort",
        "AKIASHORT",
        "task_live_0123",
    ],
)
def test_what_is_near_a_shape_is_none(text: str) -> None:
    assert not any(shape.search(text) for shape in SHAPES)


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("postgres://app:hunter2@db:5432/app", "hunter2"),
        ("amqp://:hunter2@mq", "hunter2"),
        ("https+git://a.b:c%40d@host/x", "c%40d"),
        ("mysql://app:p@ss@word@db/app", "p@ss@word"),
        ("redis://app:a:b:c@cache", "a:b:c"),
        ("ssh://root@10.0.0.1:22", None),
        ("https://host:8080/path@2x.png", None),
        ("http://host:80/?to=a@b", None),
        ("see https://a.b: write to me@b", None),
    ],
)
def test_passwords_in_addresses(url: str, password: str | None) -> None:
    found = USERINFO.search(url)
    assert (found["password"] if found else None) == password
