"""Secrets inside a text of many lines: env files, ini, YAML, command lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from review.sensitive import is_sensitive_name

_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_ESCAPED = r"(?P<depth>\\+)\"[^\n]{0,4000}?(?<!\\)(?P=depth)\""
"""JSON inside a quoted text: `\"password\": \"x\"`."""
_ASSIGN = re.compile(
    r"(?<![\w.-])(?P<head>(?P<name>[\w.-]{1,80})\\*[\"']?\s*[:=]\s*)"
    rf"(?P<value>{_QUOTED}|{_ESCAPED}|[^\s,;}}&]+)"
)
_FLAG = re.compile(rf"(?<![\w-])(?P<head>--?(?P<name>[\w-]{{1,80}})[\s=]+)(?P<value>{_QUOTED}|[^\s\"']+)")
_KEY_LINE = re.compile(r"^(?P<indent>\s*)(?P<item>(?:- )?)[\"']?(?P<name>[\w.-]+)[\"']?\s*:\s*(?P<value>.*)$")
_BLOCK = re.compile(r"[|>][-+\d]*\s*(?:#.*)?")
_ENV_LINE = re.compile(r"^\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)=(?P<value>.+)$")
_ITEM = re.compile(r"-(?: |$)")
_SCHEME = re.compile(r"//")


def redact_lines(text: str, hide: Callable[[str], str]) -> str:
    """Hide what each line assigns to a sensitive name, and what stands below a sensitive YAML key.

    Deeper lines are its value, and so are a list's items at the key's own column.
    """
    result, column, is_empty = [], -1, False
    for line in text.split("\n"):
        bare, indent = line.strip(), len(line) - len(line.lstrip())
        if column >= 0 and (not bare or indent > column or (is_empty and indent == column and _ITEM.match(bare))):
            result.append(line[:indent] + hide(bare) if bare else line)
            continue
        match = _KEY_LINE.match(line)
        if match and is_sensitive_name(match["name"]):
            column, is_empty = len(match["indent"]) + len(match["item"]), not match["value"]
            below = is_empty or _BLOCK.fullmatch(match["value"])
            result.append(line if below else line[: match.start("value")] + hide(match["value"]))
        else:
            column = -1
            result.append(_single(line, hide))
    return "\n".join(result)


def _single(line: str, hide: Callable[[str], str]) -> str:
    assigned = _ENV_LINE.match(line)
    if assigned and is_sensitive_name(assigned["name"]):
        return line[: assigned.start("value")] + hide(assigned["value"])
    return _inline(line, hide)


def _inline(line: str, hide: Callable[[str], str]) -> str:
    def replace(match: re.Match[str]) -> str:
        if not is_sensitive_name(match["name"]) or _SCHEME.match(match["value"]):
            return match.group()
        return match["head"] + hide(match["value"])

    if "--" in line or " -" in line:
        line = _FLAG.sub(replace, line)
    return _ASSIGN.sub(replace, line)
