"""How grave each rule is in each kind of environment: the one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from review.risk import Severity

L, M, H, B = Severity.NOTE, Severity.WARN, Severity.ACK, Severity.BLOCK


class Classes(NamedTuple):
    """A rule's class in each kind of environment."""

    dev: Severity
    staging: Severity
    prod: Severity


CLASSES = {
    "SWARM-QUORUM-LOST": Classes(H, B, B),
    "SWARM-LAST-MANAGER": Classes(H, B, B),
    "SWARM-IDENTITY-LOST": Classes(H, B, B),
    "SWARM-MANAGER-REPLACED": Classes(M, H, H),
    "SWARM-EVEN-MANAGERS": Classes(L, M, M),
    "SWARM-ADVERTISE-ADDR": Classes(M, H, H),
    "VM-REPLACED": Classes(M, H, H),
    "VM-FLEET-REPLACED": Classes(H, B, B),
    "VM-REBOOT": Classes(M, M, H),
    "VM-REBOOT-FLEET": Classes(M, H, B),
    "VM-HOTPLUG-OK": Classes(L, L, L),
    "VM-CLOUDINIT-RUNNING": Classes(M, H, H),
    "VM-PERPETUAL-DIFF": Classes(M, H, H),
    "HWVERSION-UP": Classes(L, M, M),
    "STATEFUL-NODE-REPLACED": Classes(H, B, B),
    "DISK-DESTROYED": Classes(H, B, B),
    "DISK-SHRINK": Classes(H, B, B),
    "VIRTUALDISK-DATASTORE": Classes(H, B, B),
    "DATASTORE-MOVE": Classes(M, H, H),
    "SNAPSHOT-OLD": Classes(L, M, M),
    "HOST-MOVE": Classes(L, M, M),
    "ANTIAFFINITY-REMOVED": Classes(L, H, H),
    "NIC-CHANGED": Classes(M, H, H),
    "TEMPLATE-EOL": Classes(L, M, M),
    "VOLUME-REPLACED": Classes(H, B, B),
    "NETWORK-REPLACED": Classes(H, B, B),
    "CONTAINER-RECREATED": Classes(L, M, M),
    "CONTAINER-HIDDEN-REPLACE": Classes(M, H, H),
    "IMAGE-UNPINNED": Classes(L, M, H),
    "IMAGE-TAG-MOVED": Classes(M, H, H),
    "IMAGE-DOWNGRADE": Classes(L, M, M),
    "IMAGE-MAJOR-JUMP": Classes(L, M, M),
    "IMAGE-NOT-FROM-RELEASE": Classes(L, M, B),
    "SERVICE-RECREATED": Classes(M, H, H),
    "SERVICE-NO-ROLLBACK": Classes(L, M, M),
    "SERVICE-CAPACITY": Classes(M, H, H),
    "PORT-CONFLICT": Classes(H, H, H),
    "PORT-PUBLIC": Classes(L, M, M),
    "SECRET-ROTATED": Classes(L, M, M),
    "SECRET-DECLASSIFIED": Classes(H, B, B),
    "SECRET-IN-PLAIN": Classes(M, H, H),
    "ENCRYPTION-CHANGED": Classes(M, H, H),
    "CERT-EXPIRY": Classes(L, M, M),
    "PROTECT-REMOVED": Classes(M, H, H),
    "RETAIN-REMOVED": Classes(M, H, H),
    "PROVIDER-CHANGED": Classes(M, H, H),
    "PROVIDER-UPGRADED": Classes(L, M, M),
    "DOCKER-PROVIDER-HOST-UNKNOWN": Classes(M, H, H),
    "UNKNOWN-IN-CRITICAL": Classes(L, M, M),
    "MASS-DELETE": Classes(H, B, B),
    "RENAME-NOT-ALIASED": Classes(M, H, H),
    "PENDING-OPS": Classes(M, H, H),
    "TAINTED": Classes(M, H, H),
    "MAYBE-CORRUPT": Classes(H, H, H),
    "PARTIAL-PREVIEW": Classes(M, H, H),
    "CROSS-STACK-OUTPUT": Classes(M, H, H),
    "FREEZE": Classes(B, B, B),
}
_DEV = {"dev", "lab", "test", "local", "sandbox"}
_STAGING = {"staging", "stage", "qa", "preprod", "uat"}


def severity(rule: str, environment: str, own: Mapping[str, Mapping[str, Severity]] = {}) -> Severity:
    """Return a rule's class in an environment. `own`: the project's classes, by rule and kind of environment."""
    kind = kind_of(environment)
    return own.get(rule, {}).get(kind, getattr(CLASSES[rule], kind))


def kind_of(environment: str) -> str:
    """Return the kind of an environment: `dev`, `staging` or `prod`. One that is not known is taken for production."""
    if environment in _DEV:
        return "dev"
    return "staging" if environment in _STAGING else "prod"
