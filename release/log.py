"""An environment's log: parsed, appended to, and checked to be what it was: each line knows the one before."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from spec.edit import replace
from spec.errors import ReleaseError
from spec.promotion import RECORD, Entry, Record, environment_file

FIX = "bring it back as it was committed: the log is only ever appended to"
Written = TypeVar("Written", bound=Entry)


def read(root: Path, environment: str) -> tuple[Record, ...]:
    """Return an environment's records, oldest first; none before the first. Raises ReleaseError with file and line."""
    file = root / environment_file(environment)
    return parse(file.read_text() if file.exists() else "", environment_file(environment))


def parse(text: str, where: str) -> tuple[Record, ...]:
    """Return the records in a log's text. Raises ReleaseError with file and line for one that was changed."""
    lines = text.split("\n")
    records, previous = [], ""
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, 1):
        record = _record(line, f"{where}:{number}")
        if record.previous != previous:
            raise ReleaseError(f"{where}:{number}", "does not follow from the line before: something was changed", FIX)
        records.append(record)
        previous = line_hash(line)
    return tuple(records)


def appended(text: str, record: Entry, where: str) -> str:
    """Return a log's text with one more record. Raises as `parse` does for a log that was changed."""
    parse(text, where)
    text = text if text.endswith("\n") or not text else text + "\n"
    last = text.split("\n")[-2] if text else ""
    return text + line(record.model_copy(update={"previous": line_hash(last) if text else ""})) + "\n"


def append(root: Path, environment: str, *records: Entry) -> str:
    """Append records to an environment's log and return its path in the project. Nothing is committed."""
    path = environment_file(environment)
    file = root / path
    text = file.read_text() if file.exists() else ""
    for record in records:
        text = appended(text, record, path)
    replace(file, text)
    return path


def line(record: Entry) -> str:
    """Return a record as its line, without the line's end."""
    return record.model_dump_json(exclude_defaults=False, exclude_none=True)


def line_hash(text: str) -> str:
    """Return what a next line says about this one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _record(text: str, where: str) -> Record:
    try:
        return RECORD.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        path = ".".join(map(str, first["loc"][1:]))
        raise ReleaseError(f"{where}: {path}" if path else where, first["msg"], FIX) from None
