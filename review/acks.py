"""Acknowledgements: somebody takes a risk upon himself, as it is now. One line each in a file of the repository."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from review.risk import Risk, Severity
from review.rules import RULES
from spec.base import Spec
from spec.errors import ReviewError

EVERY = "all"
"""Stands for every resource that a risk names: its identifier binds them all."""
HEAD = """\
# What somebody took upon himself: `longshore review ack` adds a line. It counts as long as the change is the one it
# was written for; what is void or over may be removed.
"""
_FINGERPRINT = re.compile(r"[0-9a-f]{8}")


class Ack(Spec):
    """One acknowledgement. `risk` ends in the fingerprint of the change."""

    stack: str
    risk: str
    resource: str
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    at: datetime
    until: date | None = None

    @property
    def rule(self) -> str:
        """The rule of the risk."""
        return rule_of(self.risk)

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one line for, and what the lines are sorted by."""
        return self.stack, self.risk, self.resource


def rule_of(risk: str) -> str:
    """Return a risk's rule. Raises ReviewError when it names none, or no change: `VM-REBOOT-7c1e02aa` does both."""
    found = max((rule for rule in RULES if risk.startswith(f"{rule}-")), key=len, default="")
    if not found or not _FINGERPRINT.fullmatch(risk[len(found) + 1 :]):
        raise ReviewError(f"risk {risk}", "is no identifier of a risk", "copy it from the report: RULE-fingerprint")
    return found


def parse(text: str | None, where: str) -> tuple[Ack, ...]:
    """Return the acknowledgements in a file's text; none without one. Raises ReviewError with file and line."""
    entries = _load(text, where)
    return tuple(_entry(entry, f"{where}:{entries.lc.item(n)[0] + 1}") for n, entry in enumerate(entries))


def added(text: str | None, ack: Ack, where: str) -> str:
    """Return a file's text with one more line, in its place by stack, risk and resource; comments stay.

    Sorted lines let two branches add one each without a conflict, unless the two are neighbours.
    """
    entries, own = _load(text, where), _line(ack)
    keys = [each.key for each in parse(text, where)]
    if ack.key in keys:
        entries[keys.index(ack.key)] = own
    else:
        entries.insert(sum(key < ack.key for key in keys), own)
    if keys:
        return _dump(entries)
    return (text if text and all(line.startswith("#") for line in text.splitlines()) else HEAD) + _dump(entries)


def accepted(risks: Iterable[Risk], acks: Iterable[Ack], stack: str, today: date) -> frozenset[str]:
    """Return the identifiers of the risks that are acknowledged as they are now, for every resource they name."""
    valid = {(ack.risk, ack.resource) for ack in acks if ack.stack == stack and not _is_over(ack, today)}
    return frozenset(risk.id for risk in risks if _is_covered(risk, valid))


def remarks(risks: Iterable[Risk], acks: Iterable[Ack], stack: str, today: date) -> Iterator[str]:
    """Yield what is to be known about acknowledgements of the rules that speak now: void, over, or of no use."""
    now = {risk.id: risk for risk in risks}
    spoken = {risk.rule for risk in now.values()}
    for ack in sorted(acks, key=lambda each: each.key):
        if ack.stack != stack or ack.rule not in spoken:
            continue
        head = f"the acknowledgement of {ack.risk} ({ack.resource}) by {ack.by}"
        if ack.risk not in now and _meant(ack, now.values()):
            yield f"{head} is void: the change is another one now."
        elif ack.risk in now and _is_over(ack, today):
            yield f"{head} was valid until {ack.until}."
        elif ack.risk in now and now[ack.risk].severity is Severity.BLOCK:
            yield f"{head} does not help: it blocks, and what blocks can't be acknowledged."


def names(risk: Risk) -> list[str]:
    """Return what an acknowledgement of a risk may name: its resources, by their names."""
    return [urn.rpartition("::")[2] for urn in risk.urns]


def _is_covered(risk: Risk, valid: set[tuple[str, str]]) -> bool:
    named = names(risk)
    return (risk.id, EVERY) in valid or (bool(named) and all((risk.id, name) in valid for name in named))


def _meant(ack: Ack, risks: Iterable[Risk]) -> bool:
    """Say whether a risk of now is the one that was acknowledged, before its change became another one."""
    return any(ack.rule == risk.rule and ack.resource in (EVERY, *names(risk)) for risk in risks)


def _is_over(ack: Ack, today: date) -> bool:
    return ack.until is not None and today > ack.until


def _entry(entry: Any, where: str) -> Ack:
    try:
        ack = Ack.model_validate(dict(entry) if isinstance(entry, dict) else entry)
        rule_of(ack.risk)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        path = ".".join(map(str, first["loc"]))
        raise ReviewError(f"{where}: {path}", first["msg"], "write it with `longshore review ack`") from None
    except ReviewError as error:
        raise ReviewError(f"{where}: risk", error.found, error.fix) from None
    return ack


def _line(ack: Ack) -> CommentedMap:
    line = CommentedMap(ack.model_dump(exclude_none=True))
    # Between braces ruamel writes some free texts plain that it can't read again, such as `?x`.
    line |= {key: DoubleQuotedScalarString(line[key]) for key in ("resource", "reason", "by")}
    line["at"] = ack.at.isoformat(timespec="seconds")
    line.fa.set_flow_style()
    return line


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 4096
    yaml.preserve_quotes = True
    return yaml


def _load(text: str | None, where: str) -> CommentedSeq:
    try:
        entries = _yaml().load(text or "")
    except YAMLError as error:
        raise ReviewError(where, f"is not YAML: {error}", "mend the syntax") from None
    if entries is None:
        return CommentedSeq()
    if not isinstance(entries, CommentedSeq):
        raise ReviewError(where, "is no list", "start each acknowledgement with `- `, or write it with `review ack`")
    return entries


def _dump(entries: CommentedSeq) -> str:
    buffer = io.StringIO()
    _yaml().dump(entries, buffer)
    return buffer.getvalue()
