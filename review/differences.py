"""What differs in one resource, from the provider's detailed diff where there is one, else from the inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from review.diff import Leaf, leaves
from review.events import PropertyDiff, State, Step
from review.marks import COMPUTED, HIDDEN, SEALED
from review.model import Change
from review.paths import child, lookup, parse, root
from review.redact import Redactor, conceal, settle

Inputs = dict[str, Any] | None
SYNTHETIC = {"provider", "id", "replaceWith", "deletedWith", "__initErrors"}
"""Reasons that are no property (pulumi/pulumi, pkg/resource/deploy/step_generator.go)."""


def changes(step: Step, before: Inputs, after: Inputs, redactor: Redactor) -> tuple[Change, ...]:
    """Return the leaves that differ, in order of their paths. `before`, `after`: the inputs, redacted, not settled."""
    if before is None or after is None or step.new is None:
        return ()
    own = list(leaves(before, after))
    found = list(_given(step, own, redactor) if step.detailed_diff else _computed(step, own))
    shown = {change.path for change in found}
    found += [_change(leaf, replaces=False) for leaf in own if _is_bared(leaf) and leaf.path not in shown]
    hidden = _hidden_roots(step.new)
    return tuple(sorted((_finished(each, hidden) for each in found), key=lambda each: each.path))


def bared(step: Step, redactor: Redactor) -> tuple[Change, ...]:
    """Return the secrets that are plain now in a resource that stays: no difference to engine and provider."""
    old, new = (side.inputs if side else None for side in (step.old, step.new))
    if not old or not new or old == new:
        return ()
    before, after = conceal(redactor.value(old), redactor.value(new))
    found = [_change(leaf, replaces=False) for leaf in leaves(before, after) if _is_bared(leaf)]
    return tuple(sorted((_finished(each, set()) for each in found), key=lambda each: each.path))


def _is_bared(leaf: Leaf) -> bool:
    return bool(leaf.before == SEALED) and leaf.after not in (None, SEALED, COMPUTED)


def _computed(step: Step, own: list[Leaf]) -> Iterable[Change]:
    """Without a detailed diff: the inputs' own difference, kept to the keys that the provider named, if it did."""
    named = set(step.diffs or ()) if step.detailed_diff is not None or step.diffs else None
    forced = set(step.keys or ())
    roots = set()
    for leaf in own:
        top = root(leaf.path)
        if named is None or top in named or top in forced:
            roots.add(top)
            yield _change(leaf, replaces=top in forced)
    for name in sorted((named or set()) - roots - SYNTHETIC):
        yield _unseen(step, child("", name), replaces=name in forced)


def _given(step: Step, own: list[Leaf], redactor: Redactor) -> Iterable[Change]:
    """With a detailed diff: own leaves that it covers, and what it alone knows (old outputs against new inputs)."""
    given = step.detailed_diff or {}
    covered = set()
    for leaf in own:
        causes = [path for path in given if covers(path, leaf.path)]
        if causes:
            covered.update(causes)
            yield _change(leaf, replaces=any(given[path].diff_kind.endswith("replace") for path in causes))
    rest = {path: how for path, how in given.items() if path not in covered and not path.startswith("__")}
    known = [_looked_up(step, path, how, redactor) for path, how in rest.items()]
    # Providers name what they fill in themselves, nothing before and after: noise, unless it is all there is.
    telling = [each for each in known if each.replaces or (each.before, each.after) != (None, None)]
    yield from telling if telling or covered else known


def covers(given: str, own: str) -> bool:
    """Say whether a path of the provider and an own one meet. Inside a list the provider counts, we go by names."""
    for theirs, ours in zip(parse(given), parse(own), strict=False):
        if isinstance(theirs, int) or isinstance(ours, int):
            return True
        if theirs != ours:
            return False
    return True


def _looked_up(step: Step, path: str, how: PropertyDiff, redactor: Redactor) -> Change:
    old, new = step.old or State(), step.new or State()
    source = old.inputs if how.input_diff else (old.outputs or old.inputs)
    before, after = conceal(_redacted(source, path, redactor), _redacted(new.inputs, path, redactor))
    kind = how.diff_kind.removesuffix("-replace")
    return _change(
        Leaf(redactor.text(path), kind if kind in ("add", "delete") else "update", before, after),  # type: ignore[arg-type]
        replaces=how.diff_kind.endswith("replace"),
    )


def _redacted(source: Inputs, path: str, redactor: Redactor) -> Any:
    """Return what is at a path, judged by all that stands above and beside it."""
    top = root(path)
    return lookup(redactor.value({top: (source or {}).get(top)}), path)


def _unseen(step: Step, path: str, replaces: bool) -> Change:
    """A key that the provider says changed though both sides look alike: a secret's content, or an output."""
    old, new = step.old or State(), step.new or State()
    sealed = isinstance(lookup(new.inputs, path), dict) or lookup(old.inputs, path) is not None
    side: Any = SEALED if sealed else None
    return Change(path=path, kind="update", before=side, after=side, replaces=replaces, concealed=sealed)


def _change(leaf: Leaf, replaces: bool) -> Change:
    return Change(path=leaf.path, kind=leaf.kind, before=leaf.before, after=leaf.after, replaces=replaces)


def _finished(change: Change, hidden: set[str]) -> Change:
    before, after, path = settle(change.before), settle(change.after), str(settle(change.path)).replace("`", "'")
    if root(path) in hidden:
        before, after = (HIDDEN if side is not None else None for side in (before, after))
    concealed = change.concealed or before in (SEALED, HIDDEN) or after in (SEALED, HIDDEN)
    update = {"path": path, "before": before, "after": after, "concealed": concealed, "computed": after == COMPUTED}
    return change.model_copy(update=update)


def _hidden_roots(state: State) -> set[str]:
    """Return the properties whose differences the program asked to hide (`hideDiffs`)."""
    return {str(path[0]) if isinstance(path, list) else root(str(path)) for path in state.hide_diffs or () if path}
