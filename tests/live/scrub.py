"""Makes the committed event logs of raw ones: what the review never reads and what is of one machine alone is left out.

`python -m tests.live.scrub RAW` after `tests.live.record`. What stays is as the engine wrote it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from review.build import FACTS
from tests.conftest import GOLDEN

FOLDER = GOLDEN / "review" / "logs"
KEPT = {"create", "update", "delete", "replace", "refresh"}
"""Operations whose outputs events may tell something: of a refresh, and of what it found."""
BULK = {"__defaults", "extraConfig", "sshOpts", "guestinfo"}
_PLACES = {re.compile(r"/tmp/longshore-[a-z0-9_]+"): "/project", re.compile(r"/[^ \"]*/toolchain/"): "/toolchain/"}


def scrubbed(lines: list[str], name: str) -> Iterator[str]:
    """Yield the lines of a log that are kept, each with less in it."""
    for line in lines:
        event = json.loads(_placed(line))
        if _is_kept(event, name):
            event["timestamp"] = 1
            if "preludeEvent" in event:
                event["preludeEvent"] = {"config": {}}
            for body in (event.get("resourcePreEvent"), event.get("resOutputsEvent")):
                if body:
                    _shorten(body["metadata"])
            yield json.dumps(event, separators=(",", ":"), ensure_ascii=False)


def _placed(line: str) -> str:
    for place, stands_for in _PLACES.items():
        line = place.sub(stands_for, line)
    return line


def _is_kept(event: dict[str, Any], name: str) -> bool:
    if "diagnosticEvent" in event:
        return bool(event["diagnosticEvent"]["severity"] != "debug")
    if "resOutputsEvent" in event:
        step = event["resOutputsEvent"]["metadata"]
        return bool(step["type"] == "pulumi:pulumi:Stack" or (name == "drift" and step["op"] in KEPT))
    return "progressEvent" not in event


def _shorten(step: dict[str, Any]) -> None:
    if step["op"] in ("same", "refresh") and step["type"] != "pulumi:pulumi:Stack":
        step["old"] = None
    if step["op"] == "refresh":
        step["new"] = None
    for state in filter(None, (step["old"], step.get("new"))):
        state["inputs"] = _pruned(state["inputs"])
        declared = {*state["inputs"], *FACTS} if state.get("custom") else set(state["outputs"])
        state["outputs"] = {key: each for key, each in _pruned(state["outputs"]).items() if key in declared}


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        filled_in = {*value.get("__defaults", ()), *BULK}
        return {key: _pruned(each) for key, each in value.items() if key not in filled_in}
    return [_pruned(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in sorted(Path(sys.argv[1]).glob("*.jsonl")):
        target = FOLDER / file.name
        target.write_text("\n".join(scrubbed(file.read_text().splitlines(), file.stem)) + "\n")
        print(target.name, target.stat().st_size)
