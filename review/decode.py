"""Text inside an encoding, cloud-init in guestinfo or the data of a config: decoded, to be read and masked."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from functools import lru_cache
from unicodedata import category

LIMIT = 1024 * 1024
"""Bytes a value may grow to; more is left as it is (a small archive can hold gigabytes)."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{12,}={0,2}\s*|[A-Za-z0-9_\-\s]{12,}={0,2}\s*")
_SILENT = {"Zs", "Zl", "Zp", "Cf"}
"""Spaces and marks such as a byte order mark: no reason to take a text for bytes."""


@lru_cache(maxsize=4096)
def decode(value: str, sure: bool = False) -> str | None:
    """Return the text inside base64, or gzip inside base64; None when there is none.

    `sure`: the place it stands says it is encoded. Otherwise a plain word that happens to be valid base64 stays one.
    """
    raw = _bytes(value)
    if raw is None:
        return None
    packed = raw.startswith(b"\x1f\x8b")
    text = _text(_inflate(raw) if packed else raw)
    return text if text is not None and (sure or packed or _reads_like_text(text)) else None


def _bytes(value: str) -> bytes | None:
    if len(value) > LIMIT or not _BASE64.fullmatch(value):
        return None
    compact = "".join(value.split()).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _inflate(raw: bytes) -> bytes | None:
    try:
        unpacker = zlib.decompressobj(wbits=31)
        text = unpacker.decompress(raw, LIMIT)
        return None if unpacker.unconsumed_tail else text
    except (zlib.error, gzip.BadGzipFile, EOFError):
        return None


def _text(raw: bytes | None) -> str | None:
    if raw is None:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\n\r\t" or category(c) in _SILENT for c in text) else None


def _reads_like_text(text: str) -> bool:
    """Chance rarely gives eight printable characters, and a plain word never decodes to spaces or line ends."""
    return len(text) >= 8 and text.isascii()
