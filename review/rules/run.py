"""What is wrong with the preview itself, or with the moment."""

from __future__ import annotations

from collections.abc import Iterator

from review.model import Change
from review.paths import root
from review.rules.registry import Finding, names, rule
from review.view import View

PREVIEW_DOCS = "https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/"


@rule("PENDING-OPS", "https://www.pulumi.com/docs/support/troubleshooting/common-issues/")
def pending(view: View) -> Iterator[Finding]:
    """An earlier update was not finished.

    A replaced resource still has to be deleted, or one was made but never finished.
    """
    left = tuple(each for each in view.resources if each.pending_delete)
    if left:
        yield Finding(f"{names(left)}: left over from a replacement that was not finished; deleted now.", left)
    broken = tuple(each for each in view.resources if each.init_errors)
    for resource in broken:
        yield Finding(f"`{resource.name}` was made but never finished.", (resource,), why=resource.init_errors[0])


@rule("TAINTED", "https://www.pulumi.com/docs/iac/cli/commands/pulumi_state_taint/")
def tainted(view: View) -> Iterator[Finding]:
    """Somebody marked a resource to be replaced.

    Not by this change: by `pulumi state taint`.
    """
    marked = tuple(each for each in view.resources if each.options_before.taint)
    if marked:
        yield Finding(f"{names(marked)} was marked by hand to be replaced.", marked)


@rule("MAYBE-CORRUPT", "https://www.pulumi.com/docs/support/troubleshooting/common-issues/")
def corrupt(view: View) -> Iterator[Finding]:
    """The engine says that the state may be damaged.

    Compare it with the real resources before applying anything.
    """
    if view.model.run.maybe_corrupt:
        yield Finding("the engine says that the state may be damaged.", do="`pulumi refresh`, then preview again")


@rule("PARTIAL-PREVIEW", PREVIEW_DOCS)
def partial(view: View) -> Iterator[Finding]:
    """The preview does not cover the whole stack.

    It was run with targets, exclusions or --ignore-protect, or its log is damaged or ends too early.
    """
    run = view.model.run
    if run.partial:
        yield Finding(f"only a part of the stack was previewed: {', '.join(f'`{flag}`' for flag in run.partial)}.")
    if run.damaged:
        yield Finding(f"{run.damaged} line(s) of the event log could not be read; what they say is not in this report.")
    if run.cut_off:
        yield Finding("the event log ends too early; what would follow is not in this report.")


@rule("CROSS-STACK-OUTPUT", "https://www.pulumi.com/docs/iac/concepts/stacks/#stackreferences")
def cross_stack(view: View) -> Iterator[Finding]:
    """A stack output disappears or changes its type.

    Whoever reads it by a stack reference fails at the next update.
    """
    for change in view.model.outputs if not view.model.run.failed else ():
        removed = change.kind == "delete"
        retyped = change.kind == "update" and None not in (change.before, change.after) and not _same_type(change)
        if removed or retyped:
            readers = view.surroundings.consumers.get(root(change.path), ())
            who = f"; read by {', '.join(readers)}" if readers else ""
            yield Finding(f"stack output `{change.path}` {'is removed' if removed else 'changes its type'}{who}.")


@rule("FREEZE")
def freeze(view: View) -> Iterator[Finding]:
    """This environment is frozen, or the time is outside its window.

    Nothing may be applied until it ends, save by an override with a reason.
    """
    if view.surroundings.freeze and view.model.changed:
        yield Finding(f"frozen: {view.surroundings.freeze}")


def _same_type(change: Change) -> bool:
    before, after = change.before, change.after
    marks = any(isinstance(side, str) and side.startswith("«") for side in (before, after))
    return marks or type(before) is type(after) or {type(before), type(after)} == {int, float}
