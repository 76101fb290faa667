"""What becomes of vSphere machines: replaced, rebooted, or changed without effect."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from review.model import Change, Resource
from review.paths import root
from review.reasons import because, past
from review.reboot import grows_while_running, reboots
from review.rules.registry import Finding, each, names, rule
from review.rules.swarm import tolerance
from review.view import VM, View, changed

PROVIDER_DOCS = "https://github.com/vmware/terraform-provider-vsphere/blob/main/docs/resources/virtual_machine.md"
PERPETUAL = {"hvMode", "eptRviMode"}
USERDATA = re.compile(r"guestinfo\.(userdata|metadata|vendordata)$")


def pool(machine: Resource) -> str:
    """Return the name of a machine's pool: all of its name but the number."""
    return re.sub(r"[-_]?\d+$", "", machine.name)


@rule("VM-REPLACED", PROVIDER_DOCS)
def replaced(view: View) -> Iterator[Finding]:
    """A virtual machine is destroyed, or destroyed and made anew.

    A new machine has another MAC address, other ssh host keys and empty disks, and joins the Swarm again.
    """

    groups: dict[tuple[str, str], list[Resource]] = defaultdict(list)
    for machine in view.going(VM):
        groups[past(machine), because(machine)].append(machine)
    for (fate, why), machines in groups.items():
        what = f" {names(machines)} is {fate}" if len(machines) == 1 else f"s {names(machines)} are {fate}"
        anew = ": new disks, host keys and MAC address" if fate.startswith("replaced") else ""
        yield Finding(f"machine{what}{anew}.", tuple(machines), why=why)


@rule("VM-FLEET-REPLACED", PROVIDER_DOCS)
def fleet_replaced(view: View) -> Iterator[Finding]:
    """Half of a pool or more is replaced in one update.

    The share is a threshold of .review.yaml. What the pool runs has nowhere to go meanwhile. A new template for all is
    the usual cause.
    """
    share = view.surroundings.thresholds.fleet_share
    for name, machines in _pools(view).items():
        gone = tuple(machine for machine in machines if machine.goes)
        if len(gone) > 1 and len(gone) >= len(machines) * share and not view.in_turn(gone):
            yield Finding(
                f"{len(gone)} of {len(machines)} machines of pool `{name}` are replaced at once.",
                gone,
                why=", ".join(sorted({because(machine) for machine in gone})),
                do="replace them in batches: raise the generation of one pool or node at a time",
            )


@rule("VM-REBOOT", PROVIDER_DOCS)
def reboot(view: View) -> Iterator[Finding]:
    """A virtual machine is power-cycled by an update in place.

    The preview does not say so: the provider decides it while it updates. The guest is shut down, and powered off hard
    when it takes longer than `shutdownWaitTimeout`, since `forcePowerOff` is true unless set otherwise.
    """
    groups: dict[tuple[tuple[str, ...], tuple[int, bool]], list[Resource]] = defaultdict(list)
    for machine in view.updated(VM):
        if reboots(machine):
            groups[tuple(reboots(machine)), _patience(machine)].append(machine)
    for (causes, (wait, hard)), machines in groups.items():
        yield Finding(
            f"{names(machines)} power-cycle" + ("s" if len(machines) == 1 else "") + f": {'; '.join(causes)}.",
            tuple(machines),
            why=f"a shutdown of at most {wait} min" + (", then a hard power-off" if hard else ""),
            do="drain the node first, and change one at a time",
        )


@rule("VM-REBOOT-FLEET", PROVIDER_DOCS)
def reboot_fleet(view: View) -> Iterator[Finding]:
    """More machines of a pool reboot at once than it can miss.

    For managers that is the quorum; for others, half of the pool.
    """
    managers = {node.machine.urn for node in view.managers if node.machine}
    for name, machines in _pools(view).items():
        down = tuple(machine for machine in machines if reboots(machine))
        spare = tolerance(len(machines)) if managers & {machine.urn for machine in machines} else len(machines) // 2
        if len(down) > max(spare, 1) and not view.in_turn(down):
            yield Finding(
                f"{len(down)} of {len(machines)} machines of pool `{name}` reboot in the same update.",
                down,
                why=reboots(down[0])[0],
                do="split the change, or apply it node by node with `pulumi up --target`",
            )


@rule("VM-HOTPLUG-OK", PROVIDER_DOCS)
def hotplug(view: View) -> Iterator[Finding]:
    """A virtual machine grows while it runs.

    Hot-add was on before. Linux guests with 3 GB or less can't grow beyond 3 GB while running, and some releases of the
    provider rebooted nevertheless (terraform-provider-vsphere#2170).
    """

    groups: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for machine in view.updated(VM):
        sizes = grows_while_running(machine)
        if sizes and not reboots(machine):
            groups[tuple(sizes)].append(machine)
    for sizes_, machines in groups.items():
        verb = "grows" if len(machines) == 1 else "grow"
        yield Finding(f"{names(machines)} {verb} while running: {', '.join(sizes_)}.", tuple(machines))


@rule("VM-CLOUDINIT-RUNNING", "https://cloudinit.readthedocs.io/en/latest/explanation/boot.html")
def cloud_init(view: View) -> Iterator[Finding]:
    """The cloud-init data of a machine that exists changes.

    It has no effect: cloud-init configures an instance once. Yet the machine reboots, unless
    `extraConfigRebootRequired` is false.
    """

    def says(machine: Resource) -> Finding | None:
        if not any(USERDATA.search(name) for change in changed(machine, "extraConfig") for name in _touched(change)):
            return None
        return Finding(
            f"`{machine.name}`: its cloud-init data changes, and cloud-init will not run again.",
            (machine,),
            do="raise the node's generation to make it anew, or change the running machine by other means",
        )

    yield from each(view.updated(VM), says)


@rule("VM-PERPETUAL-DIFF", "https://github.com/pulumi/pulumi-vsphere/issues/472")
def perpetual(view: View) -> Iterator[Finding]:
    """A machine is power-cycled by a difference that comes back each time.

    vCenter reports `hvMode` and `eptRviMode` empty when they were not set; the provider then sets them, and reboots.
    """

    def says(machine: Resource) -> Finding | None:
        if not machine.changes or any(root(change.path) not in PERPETUAL for change in machine.changes):
            return None
        return Finding(
            f"`{machine.name}` power-cycles for a difference that is not yours and will return.",
            (machine,),
            why=", ".join(f"`{change.path}`" for change in machine.changes),
            do="give both properties a value and ignore changes of them",
        )

    yield from each(view.updated(VM), says)


@rule("HWVERSION-UP", PROVIDER_DOCS)
def hardware_version(view: View) -> Iterator[Finding]:
    """A machine's virtual hardware is upgraded.

    There is no way back, and the machine no longer starts on older hosts.
    """

    def says(machine: Resource) -> Finding | None:
        for change in changed(machine, "hardwareVersion"):
            if isinstance(change.after, int | float):
                before = "(not set)" if change.before is None else change.before
                return Finding(f"`{machine.name}`: virtual hardware {before} → {change.after:g}, for good.", (machine,))
        return None

    yield from each(view.updated(VM), says)


def _pools(view: View) -> dict[str, list[Resource]]:
    """Return the machines there are now, by pool."""
    pools: dict[str, list[Resource]] = defaultdict(list)
    for machine in view.of(VM):
        if machine.before is not None or not machine.is_changed:
            pools[pool(machine)].append(machine)
    return pools


def _touched(change: Change) -> list[str]:
    """Return the names of extra configuration in a change, which may be of all of it at once."""
    sides = [side for side in (change.before, change.after) if isinstance(side, dict)]
    return [change.path.rstrip('"]'), *(name for side in sides for name in side)]


def _patience(machine: Resource) -> tuple[int, bool]:
    """Return the minutes a shutdown may take (3 unless set), and whether a power-off follows."""
    after = machine.after or {}
    minutes = after.get("shutdownWaitTimeout")
    return int(minutes) if isinstance(minutes, int | float) else 3, after.get("forcePowerOff") is not False
