"""Secrets inside a text of many lines: env files, ini, YAML, command lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from review.sensitive import is_sensitive_name

_QUOTED = r"\"[^\"\n]*\"|'[^'\n]*'"
_ASSIGN = re.compile(rf"(?<![\w.-])(?P<head>(?P<name>[\w.-]{{1,80}})[\"']?\s*[:=]\s*)(?P<value>{_QUOTED}|[^\s,;}}&]+)")
_FLAG = re.compile(rf"(?<![\w-])(?P<head>--?(?P<name>[\w-]{{1,80}})[\s=]+)(?P<value>{_QUOTED}|[^\s\"']+)")
_KEY_LINE = re.compile(r"^(?P<indent>\s*)(?:- )?[\"']?(?P<name>[\w.-]+)[\"']?\s*:\s*(?P<value>.*)$")
_BLOCK = re.compile(r"[|>][-+\d]*\s*(?:#.*)?")
_ENV_LINE = re.compile(r"^\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)=(?P<value>.+)$")
_SCHEME = re.compile(r"//")


def redact_lines(text: str, hide: Callable[[str], str]) -> str:
    """Hide what each line assigns to a sensitive name, and the block of lines below a sensitive YAML key."""
    result, deeper_than = [], -1
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        if deeper_than >= 0 and (indent > deeper_than or not line.strip()):
            result.append(line[:indent] + hide(line.strip()) if line.strip() else line)
            continue
        deeper_than = -1
        match = _KEY_LINE.match(line)
        if match and is_sensitive_name(match["name"]):
            value = match["value"]
            if not value or _BLOCK.fullmatch(value):
                deeper_than = len(match["indent"])
                result.append(line)
            else:
                result.append(line[: match.start("value")] + hide(value))
            continue
        assigned = _ENV_LINE.match(line)
        if assigned and is_sensitive_name(assigned["name"]):
            result.append(line[: assigned.start("value")] + hide(assigned["value"]))
        else:
            result.append(_inline(line, hide))
    return "\n".join(result)


def _inline(line: str, hide: Callable[[str], str]) -> str:
    def replace(match: re.Match[str]) -> str:
        if not is_sensitive_name(match["name"]) or _SCHEME.match(match["value"]):
            return match.group()
        return match["head"] + hide(match["value"])

    if "--" in line or " -" in line:
        line = _FLAG.sub(replace, line)
    return _ASSIGN.sub(replace, line)
