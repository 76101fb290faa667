"""What every target promises, and how each keeps it: the table of docs/targets.md.

Every row is a test of test_contract.py of the same name; where a target has no answer, the test checks that too.
"""

from __future__ import annotations

from dataclasses import dataclass

from spec.target import KINDS

NONE = "no"


@dataclass(frozen=True)
class Guarantee:
    """A promise. `how`: by what each target keeps it, in the order of KINDS; NONE where it doesn't."""

    key: str
    title: str
    how: tuple[str, str, str, str, str]

    def kept_by(self, kind: str) -> bool:
        return self.how[KINDS.index(kind)] != NONE


GUARANTEES = (
    Guarantee("same_swarm", "The same nodes, roles, labels, services", ("yes", "yes", "yes", "yes", "yes")),
    Guarantee(
        "same_addresses",
        "Static private addresses",
        ("guestinfo", "port's fixed IP", "instance's private IP", "reserved address", "static IP configuration"),
    ),
    Guarantee(
        "same_user_data",
        "The same cloud-init text",
        ("guestinfo", "config drive", "user data", "metadata `user-data`", "custom data"),
    ),
    Guarantee(
        "ports_as_in_the_matrix",
        "Just the ports matrix is let through",
        (NONE, "security group rules", "security group rules", "firewall rules, a last one", "NSG, a last rule"),
    ),
    Guarantee(
        "sizes_fit",
        "`cpus` and `memory`",
        ("exactly", "flavor with both, or named", "smallest c7i/m7i/r7i, or named", "custom N2, or named",
         "smallest Fsv2/Dsv5/Esv5, or named"),
    ),
    Guarantee(
        "data_disks_outlive_machines",
        "Data disks outlive machines and stack",
        ("VirtualDisk", "Cinder volume", "EBS volume", "persistent disk", "managed disk, in a group of its own"),
    ),
    Guarantee(
        "apart",
        "Managers on different hosts",
        ("DRS rule", "server group", "spread placement group", "spread placement policy", "availability set, or zones"),
    ),
    Guarantee(
        "zones_in_turn",
        "Zones in turn",
        ("resource pool, hosts, storage", "availability zone", "a subnet each", "zone", "zone"),
    ),
    Guarantee(
        "one_at_a_time",
        "Another image replaces nothing; a `generation` does",
        ("yes", "yes", "yes", "yes", "yes"),
    ),
    Guarantee(
        "no_public_address",
        "No public address unless declared",
        ("never one", "floating IP", "Elastic IP", "static external IP", "static public IP"),
    ),
    Guarantee("spot_for_workers", "Spot capacity for workers", (NONE, NONE, "one-time", "stopped", "deallocated")),
    Guarantee(
        "secure_boot",
        "Secure boot, no credentials for containers",
        ("as the template", NONE, "by the AMI; IMDSv2, one hop", "shielded VM, no service account", "trusted launch"),
    ),
    Guarantee(
        "load_balancer",
        "Load balancer for published ports",
        (NONE, "Octavia", "network load balancer", "passthrough, regional", "Standard"),
    ),
    Guarantee("tags", "Tags", ("categories", "metadata", "tags", "labels", "tags")),
    Guarantee("credentials_stay_secret", "Credentials are secrets", ("yes", "yes", "yes", "yes", "yes")),
)  # fmt: skip


def table() -> str:
    """Return the table as docs/targets.md has it."""
    head = ["", *(f"`{kind}`" for kind in KINDS)]
    rows = [head, ["---"] * len(head), *([each.title, *each.how] for each in GUARANTEES)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
