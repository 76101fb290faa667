"""Renders Markdown reports as GitHub would and photographs them: `python docs/pictures.py FOLDER REPORT.md...`.

Needs Chromium on PATH. The pictures are for looking at; none is committed.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

from markdown_it import MarkdownIt

STYLE = """
body { font: 16px/1.5 "Liberation Sans", "DejaVu Sans", sans-serif; color: #1f2328; width: 920px; margin: 24px auto; }
table { border-collapse: collapse; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; }
code { background: #eff1f3; border-radius: 6px; padding: .2em .4em; font: 85% "DejaVu Sans Mono", monospace; }
pre { background: #f6f8fa; border-radius: 6px; padding: 16px; } pre code { background: none; padding: 0; }
blockquote { border-left: 4px solid #d1d9e0; margin: 0 0 16px; padding: 0 16px; }
.caution { border-color: #d1242f; } .warning { border-color: #9a6700; } .important { border-color: #8250df; }
.caution b:first-child { color: #d1242f; } .warning b:first-child { color: #9a6700; }
.important b:first-child { color: #8250df; }
.add { background: #dafbe1; } .del { background: #ffebe9; } .mod { background: #fff8c5; }
h2, h3 { border-bottom: 1px solid #d1d9e0; padding-bottom: .3em; } sub { font-size: 75%; } del { color: #59636e; }
"""
LINES = {"+": "add", "-": "del", "!": "mod"}


def page(text: str, opened: bool) -> str:
    """Return a report as a page. `opened`: with everything unfolded."""
    body = MarkdownIt("gfm-like", {"html": True, "linkify": False, "highlight": _highlight}).render(text)
    body = re.sub(r"<blockquote>\s*<p>\[!(\w+)\]\s*", _alert, body)
    body = body.replace("<details>", "<details open>") if opened else body
    return f"<!doctype html><meta charset='utf-8'><style>{STYLE}</style>{body}"


def _alert(match: re.Match[str]) -> str:
    kind = match[1].lower()
    return f'<blockquote class="{kind}"><p><b>{kind.capitalize()}</b><br>'


def _highlight(code: str, _language: str, _attributes: str) -> str:
    rows = [f'<span class="{LINES.get(row[:1], "")}">{html.escape(row)}</span>' for row in code.splitlines()]
    return "\n".join(rows)


def photograph(source: Path, folder: Path, opened: bool) -> Path:
    """Write a report's picture into `folder` and return its path."""
    name = source.name.removesuffix(".md") + (".open" if opened else "")
    shown, picture = folder / f"{name}.html", folder / f"{name}.png"
    shown.write_text(page(source.read_text(), opened))
    height = 400 + 26 * source.read_text().count("\n")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size=980,{height}",
         f"--screenshot={picture}", shown.resolve().as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    return picture


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for report in map(Path, sys.argv[2:]):
        for is_open in (False, True):
            print(photograph(report, target, is_open))
