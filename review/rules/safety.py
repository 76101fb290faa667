"""Safety nets taken away, providers changed, and more deleted than was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from review.diff import leaves
from review.marks import COMPUTED
from review.model import Action, Resource
from review.paths import root
from review.rules.registry import Finding, each, names, rule
from review.view import VM, View, changed, texts
from review.words import counted

OPTIONS = "https://www.pulumi.com/docs/iac/concepts/resources/options"
DOCKER_PROVIDER = "pulumi:providers:docker"
CRITICAL = ("clone", "ovfDeploy", "datastoreId", "disks[].size", "name", "mode", "driver")
"""Paths where an unknown value may turn out to replace or move something."""


@rule("PROTECT-REMOVED", f"{OPTIONS}/protect/")
def protect_removed(view: View) -> Iterator[Finding]:
    """A resource is no longer protected.

    The next change may delete it.
    """

    def says(resource: Resource) -> Finding | None:
        removed = resource.options_before.protect and not resource.options_after.protect
        return Finding(f"`{resource.name}` is no longer protected.", (resource,)) if removed else None

    yield from each(view.resources, says)


@rule("RETAIN-REMOVED", f"{OPTIONS}/retainondelete/")
def retain_removed(view: View) -> Iterator[Finding]:
    """A resource would from now on be destroyed when it is deleted.

    Until now Pulumi would only have forgotten it.
    """

    def says(resource: Resource) -> Finding | None:
        removed = resource.options_before.retain and not resource.options_after.retain
        stays = resource.action is not Action.DELETE
        return Finding(f"`{resource.name}` is no longer retained.", (resource,)) if removed and stays else None

    yield from each(view.resources, says)


@rule("PROVIDER-CHANGED", f"{OPTIONS}/provider/")
def provider_changed(view: View) -> Iterator[Finding]:
    """Resources move to another provider, and are replaced for it.

    Another vCenter or another Docker host: what was made there stays there, or is destroyed.
    """
    moved = [each for each in view.resources if each.action is Action.REPLACE and "provider" in each.reasons]
    gone = [each for each in view.model.changed if each.type.startswith("pulumi:providers:") and each.goes]
    if moved or gone:
        text = f"{counted(len(moved), 'resource')} replaced for another provider"
        which = f" ({names(gone)} {'goes' if len(gone) == 1 else 'go'})" if gone else ""
        yield Finding(f"{text}{which}: {names(moved)}." if moved else f"provider {names(gone)} goes.", (*gone, *moved))


@rule("PROVIDER-UPGRADED", "https://www.pulumi.com/docs/iac/concepts/resources/providers/")
def provider_upgraded(view: View) -> Iterator[Finding]:
    """A provider's version changes.

    Another version may see differences, or defaults, where the former saw none; graver for another major version.
    """

    def says(provider: Resource) -> Finding | None:
        for change in changed(provider, "version"):
            before, after = (_version(side) for side in (change.before, change.after))
            grave = before.partition(".")[0] != after.partition(".")[0]
            return Finding(f"provider `{provider.name}`: {before} → {after}.", (provider,), graver=grave)
        return None

    yield from each([each for each in view.model.changed if each.type.startswith("pulumi:providers:")], says)


def _version(side: Any) -> str:
    if isinstance(side, dict | list):
        return "(no version)"
    return str(side or "(none)")


@rule("DOCKER-PROVIDER-HOST-UNKNOWN", "https://www.pulumi.com/registry/packages/docker/installation-configuration/")
def host_unknown(view: View) -> Iterator[Finding]:
    """A Docker host is not known before the update.

    The preview can't ask it, so what it says of everything on this host is a guess.
    """
    for provider in view.of(DOCKER_PROVIDER):
        if provider.after and provider.after.get("host") == COMPUTED:
            there = [each for each in view.resources if each.provider.rpartition("::")[0] == provider.urn]
            told = counted(len(there), "resource")
            yield Finding(
                f"the host of `{provider.name}` is not known yet: what is said of {told} there is a guess.",
                (provider,),
                do="apply the machines first, then preview again",
            )


@rule("UNKNOWN-IN-CRITICAL")
def unknown(view: View) -> Iterator[Finding]:
    """A value that may replace or move something is not known before the update.

    The preview can't tell what will happen.
    """

    def says(resource: Resource) -> Finding | None:
        paths = [change.path for change in changed(resource, *CRITICAL) if COMPUTED in texts(change.after)]
        listed = ", ".join(f"`{path}`" for path in paths)
        return Finding(f"`{resource.name}`: can't tell what {listed} will be.", (resource,)) if paths else None

    yield from each([each for each in view.model.changed if each.action is Action.UPDATE], says)


@rule("MASS-DELETE")
def mass_delete(view: View) -> Iterator[Finding]:
    """Much of the stack is deleted.

    More than five resources and more than a fifth of the stack, or what the thresholds of .review.yaml say; or a whole
    component of this product.
    """
    gone = [each for each in view.resources if each.action is Action.DELETE and not each.pending_delete]
    before = [each for each in view.resources if each.action is not Action.CREATE]
    components = [each for each in gone if each.type.startswith("longshore:")]
    most = view.surroundings.thresholds
    if components or len(gone) > max(most.deleted, len(before) * most.deleted_share):
        named = f", {names(components)} as a whole" if components else ""
        yield Finding(f"{len(gone)} of {len(before)} resources are deleted{named}.", tuple(gone))


@rule("RENAME-NOT-ALIASED", f"{OPTIONS}/aliases/")
def renamed(view: View) -> Iterator[Finding]:
    """A resource seems to be renamed, and is destroyed for it.

    One is deleted and another of the same type made with nearly the same inputs. An alias would keep it.
    """
    gone = [each for each in view.resources if each.action is Action.DELETE and each.before]
    made = [each for each in view.resources if each.action is Action.CREATE and each.after]
    for old in gone:
        twin = next((new for new in made if new.type == old.type and _is_alike(old, new)), None)
        if twin:
            made.remove(twin)
            yield Finding(
                f"`{old.name}` is destroyed and `{twin.name}` made with nearly the same inputs.",
                (old, twin),
                do=f"if it is a rename: add aliases=[Alias(name={old.name!r})] to the new one",
            )


def _is_alike(old: Resource, new: Resource) -> bool:
    """Say whether four in five top-level inputs are equal, names aside. Numbered siblings are no rename."""
    if re.sub(r"\d+$", "", old.name) == re.sub(r"\d+$", "", new.name) and old.type == VM:
        return False
    before, after = old.before or {}, new.after or {}
    keys = (before.keys() | after.keys()) - {"name"}
    differ = {root(leaf.path) for leaf in leaves(before, after)} - {"name"}
    return len(keys) > 1 and len(differ) <= len(keys) / 5
