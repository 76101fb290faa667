"""Machine sizes of the clouds: the smallest that has at least a pool's CPUs and memory.

Sources: AWS "Amazon EC2 instance types" (c7i, m7i, r7i); Azure "Sizes for virtual machines" (Fsv2, Dsv5, Esv5);
Google Cloud "General-purpose machine family" (N2, custom machine types).
"""

from __future__ import annotations

from collections.abc import Iterator

from spec.base import GIB, MIB

AWS_SIZES = {2: "large", 4: "xlarge"} | {cpus: f"{cpus // 4}xlarge" for cpus in (8, 16, 32, 48, 64, 96, 192)}
AWS_FAMILIES = {"c7i": 2, "m7i": 4, "r7i": 8}
"""GiB of memory for each CPU."""
AZURE_FAMILIES = {"F{}s_v2": 2, "D{}s_v5": 4, "E{}s_v5": 8}
AZURE_CPUS = (2, 4, 8, 16, 32, 48, 64)
GCP_CPUS = (*range(2, 33, 2), *range(36, 81, 4))
GCP_STEP = 256 * MIB
GCP_MOST, GCP_LEAST = 8 * GIB, GIB // 2
"""Memory that a custom N2 machine may have for each CPU, and must."""


def size(kind: str, cpus: int, memory: int) -> str | None:
    """Return a cloud's name of the size that fits `cpus` and `memory` (in bytes), or None when it has none so large."""
    if kind == "gcp":
        return _gcp(cpus, memory)
    fitting = [each for each in _offered(kind) if each[0] >= cpus and each[1] >= memory]
    return min(fitting)[2] if fitting else None


def _offered(kind: str) -> Iterator[tuple[int, int, str]]:
    if kind == "aws":
        for family, gib in AWS_FAMILIES.items():
            yield from ((cpus, cpus * gib * GIB, f"{family}.{name}") for cpus, name in AWS_SIZES.items())
    if kind == "azure":
        for pattern, gib in AZURE_FAMILIES.items():
            yield from ((cpus, cpus * gib * GIB, f"Standard_{pattern.format(cpus)}") for cpus in AZURE_CPUS)


def _gcp(cpus: int, memory: int) -> str | None:
    enough = next((each for each in GCP_CPUS if each >= cpus and memory <= each * GCP_MOST), None)
    if enough is None:
        return None
    steps = max(-(-memory // GCP_STEP), enough * GCP_LEAST // GCP_STEP)
    return f"n2-custom-{enough}-{steps * GCP_STEP // MIB}"
