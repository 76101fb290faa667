"""Takes out of a text what a terminal or a browser would obey instead of showing."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"<\{%.*?%\}>")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def clean(text: str) -> str:
    """Remove Pulumi's colour tags, terminal sequences, and invisible or direction-changing characters."""
    if "<{%" in text:
        text = _COLOUR.sub("", text)
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", _ANSI.sub("", text).replace("\r\n", "\n"))
