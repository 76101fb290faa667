"""Which changes of a vSphere machine power-cycle it. The preview does not say: the provider decides while updating.

Source: terraform-provider-vsphere, vsphere/virtual_machine_config_structure.go and docs/resources/virtual_machine.md,
"Virtual Machine Reboot".
"""

from __future__ import annotations

from review.model import Action, Change, Resource
from review.paths import root, shape

ALWAYS = {
    "alternateGuestName", "cpuHotAddEnabled", "cpuHotRemoveEnabled", "memoryHotAddEnabled",
    "cpuPerformanceCountersEnabled", "efiSecureBootEnabled", "eptRviMode", "enableDiskUuid", "enableLogging",
    "firmware", "guestId", "hvMode", "nestedHvEnabled", "numCoresPerSocket", "pciDeviceIds",
    "runToolsScriptsAfterPowerOn",
    "runToolsScriptsAfterResume", "runToolsScriptsBeforeGuestReboot", "runToolsScriptsBeforeGuestShutdown",
    "runToolsScriptsBeforeGuestStandby", "swapPlacementPolicy", "toolsUpgradePolicy", "vbsEnabled", "vvtdEnabled",
    "vtpm", "vapp", "hardwareVersion", "evcMode", "numCoresPerNumaNode",
}  # fmt: skip
DISK = {f"disks[].{name}" for name in ("controllerType", "unitNumber", "diskMode", "writeThrough", "diskSharing")}
NIC = {f"networkInterfaces[].{name}" for name in ("adapterType", "physicalFunction")}
HOT_FLAGS = {"memory": ("memoryHotAddEnabled", ""), "numCpus": ("cpuHotAddEnabled", "cpuHotRemoveEnabled")}
"""For a size: the flags that let it grow and shrink while running. Memory never shrinks while running."""


def reboots(resource: Resource) -> list[str]:
    """Return why an update power-cycles a machine, a sentence for each cause. Empty: it keeps running."""
    if resource.action is not Action.UPDATE or "virtualMachine:" not in resource.type:
        return []
    old, new = resource.before or {}, resource.after or {}
    found = [_cause(change, old, new) for change in resource.changes]
    return [cause for cause in dict.fromkeys(found) if cause]


def _cause(change: Change, old: dict[str, object], new: dict[str, object]) -> str:
    top, path = root(change.path), shape(change.path)
    if top in HOT_FLAGS:
        return _resized(change, top, old)
    if top == "extraConfig":
        return "" if new.get("extraConfigRebootRequired") is False else "`extraConfig` changes"
    if path == "networkInterfaces[]" and change.kind == "delete":
        return "a network interface is removed (unless VMware Tools runs)"
    if path in NIC:
        return f"`{change.path}` changes (unless VMware Tools runs)"
    return f"`{change.path}` changes" if top in ALWAYS or path in DISK else ""


def _resized(change: Change, name: str, old: dict[str, object]) -> str:
    """Judge by the flags of the old state: those that come with this very change help only the next one."""
    before, after = change.before, change.after
    grow, shrink = HOT_FLAGS[name]
    unit = " MiB" if name == "memory" else ""
    if before is None and isinstance(after, int | float):
        return f"`{name}` is set to {after:g}{unit}; what it was is not known"
    if after is None:
        return f"`{name}` is no longer set; what it will be is not known"
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return f"`{name}` changes to a value that is not known yet"
    sizes = f"`{name}` {before:g} → {after:g}{unit}"
    if after > before:
        return "" if old.get(grow) is True else f"{sizes}, and hot-add was off"
    if not shrink:
        return f"{sizes}: memory can't be taken from a running machine"
    return "" if old.get(shrink) is True else f"{sizes}, and hot-remove was off"


def grows_while_running(resource: Resource) -> list[str]:
    """Return the sizes that grow without a reboot."""
    if resource.action is not Action.UPDATE:
        return []
    old = resource.before or {}
    sized = [each for each in resource.changes if each.path in HOT_FLAGS and not _resized(each, each.path, old)]
    return [f"`{each.path}` {each.before:g} → {each.after:g}" for each in sized if each.after > each.before]
