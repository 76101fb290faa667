"""The page on the policies, from their registry: docs/policies.md."""

from __future__ import annotations

from collections.abc import Iterator

from policy import docker, infrastructure
from policy.rule import POLICIES, Policy

FAMILIES = (docker, infrastructure)
"""The modules whose import registers policies."""
HEAD = """# Policies

What every stack has to be like, whatever changes: a Pulumi policy pack that needs no account.

    longshore pulumi preview -s STACK --policy-pack policy
    longshore pulumi up -s STACK --policy-pack policy

A **mandatory** policy refuses the update before anything is touched; an **advisory** one is shown, and is in the
review's report like every other. The kind of environment comes from the stack's name, as with the
[risk rules](rules.md). A file given by `--policy-pack-config` changes that, and declares ports that are not in the
stack file:

    {"image-pinned": "disabled", "ports-declared": {"enforcementLevel": "mandatory", "ports": [9000]}}

A policy sees what is wanted, never what is there, and nothing that isn't known before the update. It can't tell a
Pulumi secret from another value: pulumi-policy gives it both alike.

This page is written from the policies themselves: `pytest tests/unit/policy/test_document.py --update-golden`."""


def document() -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *(line for policy in POLICIES.values() for line in _policy(policy))]) + "\n"


def _policy(policy: Policy) -> Iterator[str]:
    levels = " · ".join(f"{name}: {level}" for name, level in policy.levels._asdict().items())
    types = ", ".join(f"`{kind}`" for kind in sorted(policy.types))
    yield f"\n## {policy.id}\n\n**{policy.title}** {policy.text}".rstrip()
    yield f"\n{levels}\n\nInstead: {policy.fix}. Judges {types}."
    if policy.source:
        yield f"\nSource: <{policy.source}>"
