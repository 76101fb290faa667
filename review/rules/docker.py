"""What becomes of volumes, networks and single containers."""

from __future__ import annotations

from collections.abc import Iterator

from review.model import Action, Resource
from review.paths import lookup
from review.reasons import because, past
from review.rules.registry import Finding, each, names, rule
from review.view import CONTAINER, SERVICE, View, inputs, texts

DOCS = "https://www.pulumi.com/registry/packages/docker/api-docs"
VOLUME = "docker:index/volume:Volume"
NETWORK = "docker:index/network:Network"
REMOTE_IMAGE = "docker:index/remoteImage:RemoteImage"


@rule("VOLUME-REPLACED", f"{DOCS}/volume/")
def volume_replaced(view: View) -> Iterator[Finding]:
    """A Docker volume is destroyed.

    Every property of a volume is part of its identity to the provider: even another label destroys it and makes an
    empty one.
    """

    def says(volume: Resource) -> Finding | None:
        if volume.options_before.retain:
            return None
        only_labels = bool(volume.changes) and all(change.path.startswith("labels") for change in volume.changes)
        note = " Only a label changes." if only_labels else ""
        return Finding(
            f"volume `{volume.name}` is {past(volume)} with all its data.{note}",
            (volume,),
            why=because(volume),
            do="ignore changes of labels, or set protect or retain_on_delete",
        )

    yield from each(view.going(VOLUME), says)


@rule("NETWORK-REPLACED", f"{DOCS}/network/")
def network_replaced(view: View) -> Iterator[Finding]:
    """A Docker network with something attached to it is destroyed.

    Docker refuses to remove a network in use: all that is attached has to stop first, or the update fails.
    """

    def says(network: Resource) -> Finding | None:
        attached = tuple(each for each in view.of(SERVICE, CONTAINER) if _is_attached(each, network))
        if not attached:
            return None
        return Finding(
            f"network `{network.name}` is {past(network)}; attached: {names(attached)}.",
            (network,),
            why=because(network),
            do="make a second network, move the services, then remove the first",
        )

    yield from each(view.going(NETWORK), says)


@rule("CONTAINER-RECREATED", f"{DOCS}/container/")
def container_recreated(view: View) -> Iterator[Finding]:
    """A container is stopped and made anew.

    47 of its 73 inputs do that, labels and environment among them. It is graver with published ports or volumes.
    """

    def says(container: Resource) -> Finding:
        spec = inputs(container)
        grave = bool(spec.get("ports") or spec.get("volumes") or spec.get("mounts"))
        text = f"container `{container.name}` is {past(container)}."
        return Finding(text, (container,), why=because(container), graver=grave)

    yield from each([each for each in view.going(CONTAINER) if each.action is Action.REPLACE], says)


@rule("CONTAINER-HIDDEN-REPLACE", "https://github.com/pulumi/pulumi-docker/issues/293")
def hidden_replace(view: View) -> Iterator[Finding]:
    """A container will be replaced though the preview shows no change of it.

    When its image changes, the container's own difference is seen only once the image has its new identifier.
    """
    moved = [image for image in view.of(REMOTE_IMAGE) if image.action in (Action.UPDATE, Action.REPLACE)]
    for image in moved:
        quiet = [each for each in view.of(CONTAINER) if each.action is Action.SAME and _runs(each, image)]
        if quiet:
            yield Finding(
                f"{names(quiet)} will be replaced, though the preview does not show it: image `{image.name}` changes.",
                (image, *quiet),
                why=because(image) if image.action is Action.REPLACE else "",
            )


def _runs(container: Resource, image: Resource) -> bool:
    if image.urn in container.dependencies:
        return True
    meant = {str(fact) for key, fact in image.facts.items() if key in ("imageId", "repoDigest")}
    meant.add(str(lookup(inputs(image), "name")))
    return str(lookup(inputs(container), "image")) in meant


def _is_attached(resource: Resource, network: Resource) -> bool:
    name = str(lookup(inputs(network), "name") or network.name)
    spec = inputs(resource)
    attached = (lookup(spec, "taskSpec.networksAdvanceds"), spec.get("networksAdvanced"), spec.get("networkMode"))
    return any(text in (name, network.id) for text in texts(list(attached)) if text)
