"""Reads back what a review wrote: a report as JSON, or the change model of one stack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from review.model import ChangeModel
from review.report.content import Review, StackReview
from review.report.data import VERSION
from review.risk import Risk, Severity, Surroundings
from spec.errors import ReviewError


def load(files: Iterable[Path]) -> Review:
    """Return the review that files hold. A directory stands for its `review.json`, else for its `*.model.json`.

    Raises ReviewError for a file that is neither a report nor a model, and when a directory has neither.
    """
    documents = [document for file in files for document in _documents(file)]
    reports = [each for each in documents if each.get("version") == VERSION]
    stacks = [stack for each in documents for stack in _stacks(each)]
    if not documents:
        raise ReviewError("review", "there is no report in it", "give what `longshore review run --output` wrote")
    first = reports[0] if reports else {}
    return Review(
        tuple(stacks),
        project=first.get("project") or next((stack.model.run.project for stack in stacks), ""),
        head=first.get("head", ""),
        base=first.get("base", ""),
        provenance=first.get("provenance", {}),
    )


def _documents(file: Path) -> Iterator[dict[str, Any]]:
    for each in _files(file):
        fix = "give a report (`review show --format json`) or a model of `longshore review run --output`"
        try:
            content = json.loads(each.read_text())
            list(_stacks(content))
        except OSError as error:
            raise ReviewError(str(each), error.strerror or "can't be read", fix) from None
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
            raise ReviewError(str(each), "is neither a report nor a change model", fix) from None
        yield content


def _files(file: Path) -> list[Path]:
    if not file.is_dir():
        return [file]
    whole = file / "review.json"
    return [whole] if whole.is_file() else sorted(file.glob("*.model.json"))


def _stacks(document: dict[str, Any]) -> Iterator[StackReview]:
    if document.get("version") != VERSION:
        model = ChangeModel.model_validate(document)
        if "version" not in document:
            raise ValueError("a model says its version")
        yield StackReview.of(model, Surroundings(environment=model.run.stack))
        return
    for each in document["stacks"]:
        risks = tuple(_risk(risk) for risk in each["risks"])
        taken = [str(risk["id"]) for risk in each["risks"] if risk["acknowledged"]]
        more = frozenset(each.get("pending", ())), tuple(each.get("remarks", ()))
        yield StackReview(ChangeModel.model_validate(each["model"]), risks, each["environment"], taken, *more)


def _risk(found: dict[str, Any]) -> Risk:
    known = {key: found[key] for key in ("rule", "what", "why", "do", "urns")}
    fingerprint = found["id"].removeprefix(f"{found['rule']}-")
    return Risk(**known, severity=Severity[found["severity"].upper()], fingerprint=fingerprint)
