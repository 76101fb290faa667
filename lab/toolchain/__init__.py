"""The lab's toolchain: official Pulumi binaries where they are, built from Go modules where they can't be had."""

from lab.toolchain.build import Progress
from lab.toolchain.doctor import examine
from lab.toolchain.finding import Finding
from lab.toolchain.resolution import Toolchain, resolve

__all__ = ["Finding", "Progress", "Toolchain", "examine", "resolve"]
