"""What a stack names in a vCenter, each looked up once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pulumi
import pulumi_vsphere as vsphere

from components.targets.vsphere.hardware import Hardware, of_item, of_template
from spec.errors import TargetError
from spec.storage import Datastore, DatastoreCluster
from spec.targets.vsphere import VsphereTarget
from spec.template import LibraryItem, VmTemplate


class Inventory:
    """A vCenter's objects, by the names of a stack file. Every method raises TargetError for a name it lacks."""

    def __init__(self, spec: VsphereTarget, provider: vsphere.Provider) -> None:
        self.spec = spec
        self._options = pulumi.InvokeOptions(provider=provider)
        self._found = cache(self._look_up)
        self.datacenter: str = self._ask("target.datacenter", spec.datacenter, vsphere.get_datacenter).id
        cluster = self._in_datacenter("target.cluster", spec.cluster, vsphere.get_compute_cluster)
        self.cluster: str = cluster.id
        self.root_pool: str = cluster.resource_pool_id

    def resource_pool(self, name: str | None, where: str) -> str:
        """Return the id of a resource pool: the cluster's own without a name."""
        return str(self._in_datacenter(where, name, vsphere.get_resource_pool).id) if name else self.root_pool

    def storage(self, choice: Datastore | DatastoreCluster, where: str) -> str:
        """Return the id of a datastore or datastore cluster."""
        if isinstance(choice, DatastoreCluster):
            return self.datastore_cluster(choice.cluster, where)
        return self.datastore(choice.name, where)

    def datastore(self, name: str, where: str) -> str:
        """Return the id of a datastore."""
        return str(self._in_datacenter(where, name, vsphere.get_datastore).id)

    def datastore_cluster(self, name: str, where: str) -> str:
        """Return the id of a datastore cluster."""
        return str(self._in_datacenter(where, name, vsphere.get_datastore_cluster).id)

    def network(self, name: str, where: str) -> str:
        """Return the id of a network."""
        return str(self._in_datacenter(where, name, vsphere.get_network).id)

    def storage_policy(self) -> str | None:
        """Return the id of the storage policy, if the stack names one."""
        name = self.spec.storage_policy
        return str(self._ask("target.storage_policy", name, vsphere.get_policy).id) if name else None

    def hardware(self, choice: VmTemplate | LibraryItem, where: str) -> Hardware:
        """Return what machines are cloned from, and the hardware they must copy."""
        if isinstance(choice, LibraryItem):
            library = self._ask(f"{where}.library", choice.library, vsphere.get_content_library).id
            keys = (("library_id", library), ("type", choice.type))
            return of_item(choice, self._ask(f"{where}.item", choice.item, vsphere.get_content_library_item, keys).id)
        path = f"{choice.folder.strip('/')}/{choice.name}" if choice.folder else choice.name
        return of_template(choice, self._in_datacenter(where, path, vsphere.get_virtual_machine))

    def tags(self) -> list[str]:
        """Return the ids of the stack's tags."""
        return [self._tag(category, tag) for category, tags in self.spec.tags.items() for tag in tags]

    def custom_attribute(self, name: str) -> str:
        """Return the id of a custom attribute."""
        return str(self._ask(f"target.custom_attributes.{name}", name, vsphere.get_custom_attribute).id)

    def _tag(self, category: str, tag: str) -> str:
        where = f"target.tags.{category}"
        category_id = self._ask(where, category, vsphere.get_tag_category).id
        return str(self._ask(where, tag, vsphere.get_tag, (("category_id", category_id),)).id)

    def _in_datacenter(self, where: str, name: str, function: Any) -> Any:
        return self._ask(where, name, function, (("datacenter_id", self.datacenter),))

    def _ask(self, where: str, name: str, function: Any, keys: tuple[tuple[str, str], ...] = ()) -> Any:
        with _named(where, name):
            return self._found(function, name, keys)

    def _look_up(self, function: Any, name: str, keys: tuple[tuple[str, str], ...]) -> Any:
        return function(name=name, **dict(keys), opts=self._options)


@contextmanager
def _named(field: str, name: str) -> Iterator[None]:
    """Say which field of the stack file a failed look-up belongs to."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  a failed look-up is a bare Exception in Pulumi's SDK
        reason = str(error).rsplit(": ", 1)[-1]
        fix = "correct it in the stack file; the account must be allowed to see it (docs/vcenter.md)"
        raise TargetError(field, f"{name}: {reason}", fix) from None
