"""Secrets that are known by value, found again in every form they may have taken."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from review.clean import clean

SHORTEST = 4
"""Characters; a shorter secret would be found in every other word."""


def pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of `secrets`: plain, base64, URL-encoded, JSON- or HTML-escaped."""
    every = {form for secret in secrets for part in _parts(secret) for form in forms(part)}
    longest_first = sorted((form for form in every if len(form) >= SHORTEST), key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _parts(secret: str) -> list[str]:
    """Return the secret and its longer lines: a report indents each of them."""
    return [secret, *(line for line in secret.splitlines() if len(line.strip()) >= 8)]


def forms(secret: str) -> set[str]:
    """Return the texts that give `secret` away. Nothing for a secret shorter than SHORTEST."""
    if len(secret.strip()) < SHORTEST:
        return set()
    plain = {
        secret,
        secret.strip(),
        clean(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    encoded = {quote(secret), quote(secret, safe=""), quote_plus(secret), html.escape(secret), repr(secret)[1:-1]}
    return plain | encoded | _base64_forms(secret.encode()) | {json.dumps(json.dumps(secret)[1:-1])[1:-1]}


def _base64_forms(raw: bytes) -> set[str]:
    """Return the part of the encoding that `raw` alone decides, for each of the three places it may start at."""
    found = set()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        start = (0, 2, 3)[offset]
        end = len(encoded) if (len(raw) + offset) % 3 == 0 else len(encoded) - 1
        if end - start >= 6:
            found |= {encoded[start:end], encoded[start:end].replace("+", "-").replace("/", "_")}
    return found
