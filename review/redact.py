"""Takes out what must not be shown, in four layers, before anything is written.

1. what Pulumi marks as secret; 2. what a name or a shape gives away; 3. secrets known by value, in every encoding;
4. the values asked for: none, safe (the default) or all. `verify` looks through the finished report once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from typing import Any, Literal

from review import known
from review.clean import clean
from review.decode import decode
from review.diff import identity
from review.errors import RedactionError
from review.lines import redact_lines
from review.marks import COMPUTED, COMPUTED_SENTINEL, FILTERED, HIDDEN, SEALED, SIGNATURE, holds, unmark
from review.sensitive import SHAPES, USERINFO, is_random, is_reference_name, is_sensitive_name

Values = Literal["none", "safe", "all"]
_TOKEN = re.compile(r"«hidden:[0-9a-f]{8}»")
_KEPT = frozenset({SEALED, COMPUTED, HIDDEN})
_HOLDERS = (str, dict, list)
_LONGEST = 64 * 1024
"""Characters of a value that are kept; the rest is cut away."""


class Redactor:
    """Redacts the values of one run. `secrets`: values known to be secret, from the config or the environment."""

    def __init__(self, secrets: Iterable[str] = (), values: Values = "safe") -> None:
        self.values = values
        self._known = known.pattern(secrets)
        self._salt = os.urandom(16)
        self._texts: dict[tuple[str, str], Any] = {}

    def value(self, value: Any, name: str = "", inherited: bool = False) -> Any:
        """Return a value without what must not be shown. `name`: the property it is under.

        A hidden text becomes a token that is equal for equal texts, so that two sides can be compared; see `settle`.
        """
        if isinstance(value, str):
            return self._string(value, name, inherited)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dict):
            return self._dict(value, name, inherited)
        if isinstance(value, list):
            return self._list(value, name, inherited)
        return self._hide(str(value)) if is_sensitive_name(name) or self.values == "none" else value

    def text(self, text: str) -> str:
        """Return a message without what must not be shown."""
        if len(text) < 16 and text.isidentifier() and not self._known:
            return text
        return str(settle(self._masked(text)))

    def verify(self, rendered: str) -> str:
        """Return a finished report, or raise RedactionError (exit code 50) when anything in it looks like a secret."""
        shapes = [*SHAPES, USERINFO, *([self._known] if self._known else [])]
        bare = rendered.replace("\u200b", "").replace("\\", "")
        texts = (rendered, bare)
        found = [
            (text, match)
            for text in texts
            for shape in shapes
            for match in shape.finditer(text)
            if HIDDEN not in match.group() and SEALED not in match.group()
        ]
        if found:
            text, match = found[0]
            line = text.count("\n", 0, match.start()) + 1
            raise RedactionError(
                f"report, line {line}",
                f"{len(found)} text(s) that must not be shown; nothing was written",
                "seal the value as a Pulumi secret, or run with --values none",
            )
        return rendered

    def _dict(self, value: dict[str, Any], name: str, inherited: bool) -> Any:
        if SIGNATURE in value:
            return self.value(unmark(value), name, inherited)
        below = inherited or is_sensitive_name(name)
        return {
            (self._masked(key) if self._known else clean(key)): self.value(each, self._key(key, value), below)
            for key, each in value.items()
            if not key.startswith("__")
        }

    def _list(self, value: list[Any], name: str, inherited: bool) -> list[Any]:
        """Redact items; what follows a flag such as `--password` belongs to it."""
        result, flag = [], ""
        for each in value:
            result.append(self.value(each, flag or name, inherited or is_sensitive_name(flag or name)))
            flag = each if isinstance(each, str) and each.startswith("-") and "=" not in each else ""
        return result

    @staticmethod
    def _key(key: str, siblings: dict[str, Any]) -> str:
        """Return the name a value goes by: in `{name: DB_PASSWORD, value: ...}` it is the other one's content."""
        if key == "value":
            label = siblings.get("name") or siblings.get("label") or siblings.get("key")
            return label if isinstance(label, str) else key
        return key

    def _string(self, value: str, name: str, inherited: bool) -> Any:
        if value == COMPUTED_SENTINEL:
            return COMPUTED
        if value in _KEPT or not value:
            return value
        sensitive = is_sensitive_name(name) or (inherited and not is_reference_name(name))
        cached = self._texts.get((value, name)) if not sensitive else None
        if cached is None:
            cached = self._hide(value) if sensitive or self.values == "none" else self._judged(value, name)
            if not sensitive:
                self._texts[value, name] = cached
        return cached

    def _judged(self, value: str, name: str) -> str:
        if value == FILTERED:
            return self._hide(value)
        if self._known and self._known.search(clean(value)):
            return self._cut(value)
        sure = name.startswith("guestinfo.") or name in ("data", "content")
        decoded = decode(value, sure) if len(value) > 15 else None
        if decoded is not None:
            return self._document(decoded)
        if len(value) > _LONGEST:
            return self._cut(value)
        text = clean(value)
        if self.values == "safe" and is_random(text) and not is_reference_name(name):
            return self._hide(value)
        return self._document(text)

    def _cut(self, value: str) -> str:
        """Mask first, then cut: what is cut in two is no longer recognised."""
        masked = self._masked(value[: 2 * _LONGEST])
        head, mark, rest = masked[:_LONGEST].rpartition("«")
        return head if mark and "»" not in rest else masked[:_LONGEST]

    def _document(self, text: str) -> str:
        if text[:1] in "{[" and text.rstrip()[-1:] in "}]":
            try:
                return json.dumps(self.value(json.loads(text)), ensure_ascii=False)
            except (ValueError, RecursionError):
                return self._masked(text)
        return self._masked(text)

    def _masked(self, text: str) -> str:
        """Mask inside a text: known secrets, telling shapes, and lines that assign to a sensitive name."""
        text = clean(text).replace(FILTERED, HIDDEN)
        if self._known:
            text = self._known.sub(self._hit, text)
        for shape in SHAPES:
            text = shape.sub(self._hit, text)
        if "://" in text:
            text = USERINFO.sub(lambda match: match["head"] + self._hide(match["password"]), text)
        return redact_lines(text, self._hide) if "=" in text or ":" in text or "--" in text else text

    def _hit(self, match: re.Match[str]) -> str:
        return self._hide(match.group())

    def _hide(self, text: str) -> str:
        if text in _KEPT or _TOKEN.fullmatch(text):
            return text
        return f"«hidden:{hashlib.blake2b(text.encode(), key=self._salt, digest_size=4).hexdigest()}»"


def conceal(before: Any, after: Any) -> tuple[Any, Any]:
    """Return both sides with a leaf hidden where either side hides it: a value that becomes secret was one before."""
    if before == after:
        return before, after
    if isinstance(before, dict) and isinstance(after, dict):
        both = {key: conceal(before[key], after[key]) for key in before.keys() & after.keys()}
        return (
            {key: both[key][0] if key in both else each for key, each in before.items()},
            {key: both[key][1] if key in both else each for key, each in after.items()},
        )
    if isinstance(before, list) and isinstance(after, list):
        return _conceal_lists(before, after)
    if _is_hidden(after) and before not in (None, "", COMPUTED):
        before = before if _is_hidden(before) else HIDDEN
    if _is_hidden(before) and after not in (None, "", COMPUTED):
        after = after if _is_hidden(after) else HIDDEN
    return before, after


def _conceal_lists(before: list[Any], after: list[Any]) -> tuple[list[Any], list[Any]]:
    """Pair the items by what identifies them, else by position."""
    key = identity(before, after)
    old = {each[key] if key else index: each for index, each in enumerate(before)}
    new = {each[key] if key else index: each for index, each in enumerate(after)}
    both = {name: conceal(old[name], new[name]) for name in old.keys() & new.keys()}
    return (
        [both[name][0] if name in both else each for name, each in old.items()],
        [both[name][1] if name in both else each for name, each in new.items()],
    )


def settle(value: Any) -> Any:
    """Replace the comparison tokens by the one mark that a reader sees."""
    return _settled(value) if holds(value, "«hidden:") else value


def _settled(value: Any) -> Any:
    if isinstance(value, str):
        return _TOKEN.sub(HIDDEN, value) if "«hidden:" in value else value
    if isinstance(value, dict):
        return {_settled(key): _settled(each) if isinstance(each, _HOLDERS) else each for key, each in value.items()}
    if isinstance(value, list):
        return [_settled(each) if isinstance(each, _HOLDERS) else each for each in value]
    return value


def _is_hidden(value: Any) -> bool:
    """Say whether a leaf as a whole is concealed."""
    return isinstance(value, str) and (value in (SEALED, HIDDEN) or _TOKEN.fullmatch(value) is not None)
