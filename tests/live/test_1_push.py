"""`longshore push`: from a changed source file to a changed page, and nothing changed without a yes."""

from __future__ import annotations

import re
import time
import urllib.request
from pathlib import Path

from tests.live.project import Project

PUSH = ("push", "examples/shop", "--file", "web/Dockerfile", "--service", "web", "--build-arg", "VERSION=pushed")
TITLE = "Pushed by a test"


def pages(status: str) -> list[str]:
    found = []
    for url in re.findall(r"(http://[0-9.]+:\d+/) 200 OK", status):
        with urllib.request.urlopen(url, timeout=30) as answer:
            found.append(answer.read().decode())
    return found


def test_one_command_from_a_changed_source_file_to_a_changed_page(running: Project) -> None:
    source = running.folder / "examples" / "shop" / "web" / "page.html"
    stack = running.folder / "stacks" / "Pulumi.lab.yaml"
    page, declared = source.read_text(), stack.read_text()
    try:
        source.write_text(re.sub(r"<title>.*?</title>", f"<title>{TITLE}</title>", page))
        asked = running.run(*PUSH)  # no terminal: nobody says yes
        assert asked.code == 1
        assert "Run web with " in asked.output
        assert stack.read_text() == declared

        start = time.monotonic()
        output = running.ok(*PUSH, "--yes")
        print(f"push, from source to page: {time.monotonic() - start:.1f} s")
        assert re.search(r"took \d.*: build \d.*, push \d.*, preview \d.*, update \d", output)
        assert re.search(r"image: \S+/shop-web:push-[a-f0-9]{12}@sha256:[a-f0-9]{64}\n", stack.read_text())
        assert "Traceback" not in output
        shown = pages(running.ok("status"))
        assert len(shown) == 2
        assert all(f"<title>{TITLE}</title>" in each for each in shown)
        running.ok("preview", "--stack", "lab", "--expect-no-changes")
    finally:
        source.write_text(page)
        stack.write_text(declared)
        running.ok("up", "--stack", "lab", "--yes")


def test_a_build_that_fails_says_why_and_changes_nothing(running: Project, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nCOPY nowhere /\n")
    stack = running.folder / "stacks" / "Pulumi.lab.yaml"
    declared = stack.read_text()
    done = running.run("push", str(tmp_path), "--service", "web", "--yes")
    assert done.code == 1
    assert "can't be built" in done.output
    assert "nowhere" in done.output
    assert "Traceback" not in done.output
    assert stack.read_text() == declared
