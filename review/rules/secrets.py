"""What becomes of secrets: rotated, laid open, close to their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from review.marks import HIDDEN, SEALED, holds
from review.model import Action, Change, Resource
from review.paths import child, item
from review.rules.registry import Finding, each, names, rule
from review.view import CONTAINER, SERVICE, View, texts

SWARM_DOCS = "https://docs.docker.com/engine/swarm/secrets/"
PULUMI_DOCS = "https://www.pulumi.com/docs/iac/concepts/secrets/"
OBJECTS = ("docker:index/secret:Secret", "docker:index/serviceConfig:ServiceConfig")
KEPT = ("swarm:index:Secret", "swarm:index:Config")
"""Those whose earlier generations stay for `docker service rollback` (providers/swarm/stored.py)."""
ENDS = {"notAfter", "validityEndTime", "expiresAt", "expirationDate", "expiry"}
SOON = timedelta(days=30)


@rule("SECRET-ROTATED", SWARM_DOCS)
def rotated(view: View) -> Iterator[Finding]:
    """A secret or a config gets another content.

    Swarm's secrets and configs can't change: a new one is made, and each service that uses it restarts its tasks.
    Deleted first under the same name, it fails, for Swarm keeps what is in use.
    """
    for made in view.of(*OBJECTS, *KEPT):
        if made.action is Action.REPLACE:
            yield _replaced(made, [other for other in view.of(SERVICE, CONTAINER) if _uses(other, made)])
    for resource in view.model.changed:
        hidden = [change for change in resource.changes if change.before == SEALED == change.after]
        if hidden and resource.type not in (*OBJECTS, *KEPT):
            paths = ", ".join(f"`{change.path}`" for change in hidden)
            yield Finding(f"`{resource.name}`: the secret in {paths} changes (value hidden).", (resource,))


@rule("SECRET-DECLASSIFIED", PULUMI_DOCS)
def declassified(view: View) -> Iterator[Finding]:
    """A value that was secret is not any more.

    It will stand in the state, in logs and in previews for everyone to read. The engine calls a resource in which only
    this changes the same as before.
    """

    def says(resource: Resource) -> Finding | None:
        bare = [change for change in resource.changes if _is_bared(change)]
        paths = ", ".join(f"`{change.path}`" for change in bare)
        do = "wrap it as a secret again; if it was applied once, change the secret itself"
        text = f"`{resource.name}`: {paths} was secret and is plain now."
        return Finding(text, (resource,), do=do) if bare else None

    yield from each(view.resources, says)


@rule("SECRET-IN-PLAIN", PULUMI_DOCS)
def in_plain(view: View) -> Iterator[Finding]:
    """A plain property looks like a secret.

    By its name or by its shape. It is hidden in this report and nowhere else: the state and `docker inspect` show it.
    """

    def says(resource: Resource) -> Finding | None:
        if resource.type.startswith("pulumi:") or resource.after is None or not holds(resource.after, HIDDEN):
            return None
        bared = {change.path for change in resource.changes if _is_bared(change)}
        plain = [path for path in _hidden_paths(resource.after) if path not in bared]
        if not plain:
            return None
        listed = ", ".join(f"`{path}`" for path in plain[:5]) + (" …" if len(plain) > 5 else "")
        return Finding(
            f"`{resource.name}`: {listed} looks like a secret and is plain.",
            (resource,),
            do="declare it under secrets and mount it as a file",
        )

    yield from each(view.model.changed, says)


@rule("ENCRYPTION-CHANGED", PULUMI_DOCS)
def encryption(view: View) -> Iterator[Finding]:
    """The stack's secrets are encrypted in another way.

    `encryptionsalt`, `secretsprovider` or `encryptedkey` in the stack file differs: whoever lacks the new key can no
    longer preview or apply.
    """
    keys = view.surroundings.encryption_changed
    if keys:
        yield Finding(
            f"the stack file's {', '.join(f'`{key}`' for key in keys)} changes: another key opens its secrets."
        )


@rule("CERT-EXPIRY")
def expiry(view: View) -> Iterator[Finding]:
    """A certificate or a token ends within 30 days.

    Told by properties such as `notAfter` and `validityEndTime`.
    """

    def says(resource: Resource) -> Finding | None:
        ends = [(path, end) for path, end in _ends(resource.after) if end - view.surroundings.today < SOON]
        if not ends or view.surroundings.today == date.min:
            return None
        path, end = min(ends, key=lambda each: each[1])
        return Finding(
            f"`{resource.name}`: `{path}` is {end.isoformat()}.", (resource,), do="renew it with this change"
        )

    yield from each([each for each in view.resources if each.after], says)


def _replaced(made: Resource, users: list[Resource]) -> Finding:
    stuck = bool(users) and made.order == "delete-first"
    whom = f"; {names(users)} restart{'s' if len(users) == 1 else ''}" if users else ""
    trouble = " Deleted first, it is still in use: Swarm will refuse." if stuck else ""
    generation = " in a new generation, the one before stays" if made.type in KEPT else ""
    return Finding(f"`{made.name}` gets another content{generation}{whom}.{trouble}", (made,), graver=stuck)


def _is_bared(change: Change) -> bool:
    return change.before == SEALED and change.after not in (None, SEALED) and not change.computed


def _uses(resource: Resource, secret: Resource) -> bool:
    if secret.urn in resource.dependencies:
        return True
    return bool(secret.id) and secret.id in texts(resource.before or resource.after or {})


def _hidden_paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, str) and HIDDEN in value:
        yield path
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _hidden_paths(below, child(path, name))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _hidden_paths(below, item(path, index))


def _ends(value: Any, path: str = "") -> Iterator[tuple[str, date]]:
    """Yield the dates under the names in ENDS."""
    for name, below in value.items() if isinstance(value, dict) else ():
        if isinstance(below, dict):
            yield from _ends(below, child(path, name))
        elif name in ENDS and isinstance(below, str):
            try:
                yield child(path, name), date.fromisoformat(below[:10])
            except ValueError:
                continue
