"""Secrets in texts of many lines: what is hidden, and that nothing else is."""

from __future__ import annotations

import pytest

from review.lines import redact_lines


def hidden(text: str) -> str:
    return redact_lines(text, lambda _: "X")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("password: hunter2", "password: X"),
        ("  db_password:   hunter2", "  db_password:   X"),
        ("- token: abc", "- token: X"),
        ("'password': hunter2", "'password': X"),
        ('"apiKey": "abc def",', '"apiKey": X'),
        ("DB_PASSWORD=correct horse battery", "DB_PASSWORD=X"),
        ("export API_KEY=abc", "export API_KEY=X"),
        ("  SMTP_PASS='a b'", "  SMTP_PASS=X"),
        ("run --password hunter2 --fast", "run --password X --fast"),
        ("run --password=hunter2 --fast", "run --password=X --fast"),
        ("run --api-token 'a b' now", "run --api-token X now"),
        ("mysql -password hunter2", "mysql -password X"),
        ("host=db user=app password=hunter2 dbname=shop", "host=db user=app password=X dbname=shop"),
        ("Server=db;Password=hunter2;Timeout=3", "Server=db;Password=X;Timeout=3"),
        ("https://x/login?user=a&token=abc&next=1", "https://x/login?user=a&token=X&next=1"),
        ('{"user": "a", "password": "b c", "n": 1}', '{"user": "a", "password": X, "n": 1}'),
        ('{"password": "a\\"b", "n": 1}', '{"password": X, "n": 1}'),
        (
            r'got "{\"user\":\"a\",\"password\":\"b c\",\"n\":1}" back',
            r'got "{\"user\":\"a\",\"password\":X,\"n\":1}" back',
        ),
        (r"{\"token\": \"b \\\" c\", \"n\": 1}", r"{\"token\": X, \"n\": 1}"),
        (r"{\"token\": \"\", \"n\": 1}", r"{\"token\": X, \"n\": 1}"),
        (r"\\\"token\\\": \\\"b c\\\", \\\"n\\\": 1", r"\\\"token\\\": X, \\\"n\\\": 1"),
        ("error: bad token: abc123, try again", "error: bad token: X, try again"),
        ("AccountKey=abc==;Endpoint=x", "AccountKey=X"),
    ],
)
def test_what_is_assigned_to_a_sensitive_name_is_hidden(line: str, shown: str) -> None:
    assert hidden(line) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "hostname: a",
        "password_file: /run/secrets/db",
        "secretName=db-password",
        "run --token-file /run/token --fast",
        "key1 and key2 are words",
        "see secret://vault/db for it",
        "password: ",
        "the password, by the way",
        "- --fast\n- --level=3",
        "server {\n  listen 80;\n}",
    ],
)
def test_what_is_not_is_left_as_it_stands(text: str) -> None:
    assert hidden(text) == text


def test_the_block_below_a_sensitive_key_is_hidden_and_the_next_key_is_not() -> None:
    text = """users:
  - name: root
    passwd: |
      first line

      second line
    shell: /bin/sh
hostname: a"""
    assert hidden(text).split("\n")[3:] == ["      X", "", "      X", "    shell: /bin/sh", "hostname: a"]


@pytest.mark.parametrize("mark", ["|", ">", "|-", ">+2", "|  # why"])
def test_every_kind_of_block_is_known(mark: str) -> None:
    assert hidden(f"token: {mark}\n  abc\nhost: a") == f"token: {mark}\n  X\nhost: a"


def test_a_list_below_a_sensitive_key_is_hidden_whether_it_is_indented_or_not() -> None:
    for indent in ("", "  "):
        text = f"tokens:\n{indent}- abc\n{indent}- def\nhosts:\n{indent}- a"
        assert hidden(text) == f"tokens:\n{indent}X\n{indent}X\nhosts:\n{indent}- a"


def test_a_list_of_things_with_a_sensitive_key_shows_their_other_keys() -> None:
    text = "- password:\n    abc\n  user: a\n- user: b"
    assert hidden(text) == "- password:\n    X\n  user: a\n- user: b"


def test_a_value_that_goes_on_in_the_next_line_is_hidden_to_its_end() -> None:
    assert hidden('password: "correct\n  horse"\nhost: a') == "password: X\n  X\nhost: a"
    assert hidden("password: correct\n  horse\n\n  battery\nhost: a") == "password: X\n  X\n\n  X\nhost: a"


def test_a_mapping_below_a_sensitive_key_is_hidden_whole() -> None:
    assert hidden("credentials:\n  user: bob\n  more:\n    deep: x\nafter: 1").split("\n") == [
        "credentials:",
        "  X",
        "  X",
        "    X",
        "after: 1",
    ]


def test_hide_is_given_exactly_what_is_secret() -> None:
    given: list[str] = []

    def hide(text: str) -> str:
        given.append(text)
        return "X"

    redact_lines("A=1\nDB_PASSWORD=a b\ntoken: |\n   c d  \nrun --secret 'e f'", hide)
    assert given == ["a b", "c d", "'e f'"]
