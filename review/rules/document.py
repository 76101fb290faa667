"""The page on the rules, from their registry: docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from review.rules.classes import CLASSES
from review.rules.registry import RULES, Rule

HEAD = """# Risk rules

What `longshore review` looks for in a change. A rule's class depends on the kind of environment: a **note** is told,
a **warning** is shown, what **needs acknowledgement** stops a pipeline until somebody takes it upon himself (exit code
20), and what **blocks** stops it for good (exit code 30). `longshore review explain RULE` says the same in a terminal.

This page is written from the rules themselves: `pytest tests/unit/review/test_document.py --update-golden`."""
FAMILIES = {
    "swarm": "Swarm",
    "machines": "Machines",
    "storage": "Storage",
    "placement": "Placement",
    "docker": "Containers and networks",
    "images": "Images",
    "services": "Services",
    "secrets": "Secrets",
    "safety": "Safety nets",
    "run": "The preview itself",
}


def document() -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *_families()]) + "\n"


def _families() -> Iterator[str]:
    order = list(FAMILIES)
    rules = sorted(RULES.values(), key=lambda rule: (order.index(rule.family), rule.id))
    for family, members in groupby(rules, key=lambda rule: rule.family):
        yield f"\n## {FAMILIES[family]}"
        for rule in members:
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    classes = CLASSES[rule.id]
    yield f"\n### {rule.id}\n\n**{rule.title}** {rule.text}".rstrip()
    yield f"\ndev: {classes.dev.word} · staging: {classes.staging.word} · prod: {classes.prod.word}"
    if rule.source:
        yield f"\nSource: <{rule.source}>"
