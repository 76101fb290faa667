"""What looks like a secret: by the name it is under, or by its own shape. Pure judgement, nothing is changed here."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

STRONG = {
    "password", "passwords", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens",
    "credential", "credentials", "cred", "creds", "dsn", "authorization", "cookie", "chpasswd", "apikey",
}  # fmt: skip
"""A word that makes a name sensitive wherever it stands in it."""
ENDINGS = ("password", "passwd", "passphrase", "secret", "secrets", "token", "apikey", "credentials")
"""An end of a word that does the same: `PGPASSWORD`, `accesstoken`."""
WEAK = {"key", "auth", "pass", "conn", "salt", "pin"}
"""A word that makes a name sensitive at its end only."""
REFERENCES = {
    "id", "ids", "name", "names", "file", "files", "path", "paths", "mode", "length", "policy", "ttl", "count", "type",
    "enabled", "required", "seconds", "timeout", "hash", "digest", "fingerprint", "uuid", "image", "ref", "version",
    "min", "max", "size", "uid", "gid", "expiry", "alphabet", "rotation",
}  # fmt: skip
"""A last word that makes a name one *of* a secret, not the secret."""
PUBLIC = {"host", "public", "authorized", "known", "primary", "foreign", "partition", "sort", "cache", "ssh"}
"""A word before `key` that makes it a public one."""

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:.*?-----END [A-Z ]{0,30}PRIVATE KEY-----|.*)", re.DOTALL
)
JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?")
USERINFO = re.compile(r"(?P<head>\b[a-zA-Z][\w+.-]{0,30}://[^\s/:@\"']{0,200}:)(?P<password>[^\s/\"']{1,500})(?=@)")
JOIN_TOKEN = re.compile(r"\bSWMTKN-1-[\w-]+")
PREFIXED = re.compile(
    r"\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abpr]-[\w-]{10,}|AKIA[0-9A-Z]{16}|sk_live_\w{16,})"
)
SHAPES = (PRIVATE_KEY, JWT, JOIN_TOKEN, PREFIXED)
"""Texts that are a secret whatever they are called."""
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_WRAPPED = re.compile(r"(?:[A-Za-z0-9+/_=-]{60,}\r?\n)+[A-Za-z0-9+/_=-]*\s*")
_HEX = re.compile(r"[0-9a-f:-]+", re.IGNORECASE)


@lru_cache(maxsize=16384)
def is_sensitive_name(name: str) -> bool:
    """Say whether a value under this name is probably a secret: `dbPassword`, `API_KEY`, but not `secretName`."""
    words = [word.lower() for word in _WORDS.findall(name.rstrip("0123456789_.-"))]
    if not words or words[-1] in REFERENCES:
        return False
    if STRONG.intersection(words) or any(word.endswith(ENDINGS) for word in words):
        return True
    return words[-1] in WEAK and (len(words) < 2 or words[-2] not in PUBLIC)


@lru_cache(maxsize=16384)
def is_reference_name(name: str) -> bool:
    """Say whether a value under this name only points at something."""
    words = _WORDS.findall(name)
    return bool(words) and (words[-1].lower() in REFERENCES or words[0].lower() in PUBLIC)


_FLAG = re.compile(r"^--?[a-z][a-z-]*=")


@lru_cache(maxsize=16384)
def is_random(text: str) -> bool:
    """Say whether a text looks drawn by chance: mixed case and digits, 3.5 bits a character or more, no words.

    Hex is not judged: digests and identifiers are everywhere. Lines that are all of one length are one token, wrapped.
    """
    if _WRAPPED.fullmatch(text):
        text = "".join(text.split())
    text = _FLAG.sub("", text)  # of `--stop-signal=SIGRTMIN+3` the value alone is judged
    if not _TOKEN.fullmatch(text) or _HEX.fullmatch(text) or text.startswith(("/", "AAAA")):
        return False
    mixed = any(c.isdigit() for c in text) and any(c.islower() for c in text) and any(c.isupper() for c in text)
    return mixed and not _is_wordy(text) and _entropy(text) >= 3.5


def _is_wordy(text: str) -> bool:
    pieces = re.split(r"[-_/]", text)
    return len(pieces) > 2 and all(piece.isalpha() or piece.isdigit() or len(piece) < 5 for piece in pieces)


def _entropy(text: str) -> float:
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
