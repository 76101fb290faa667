"""The lab's own key and passwords, made once, each in a file that only its owner can read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from lab import apt
from lab.command import run
from lab.folder import Folder, write_private
from lab.progress import Progress

VCENTER_USER = "longshore@vsphere.local"


@dataclass(frozen=True)
class Credentials:
    """Where the key and the passwords are."""

    folder: Folder

    @property
    def ssh_key(self) -> Path:
        """The private ssh key."""
        return self.folder.root / "id_ed25519"

    @property
    def public_key(self) -> str:
        """The public ssh key, one line."""
        return self.ssh_key.with_suffix(".pub").read_text().strip()

    @property
    def vcenter_password(self) -> Path:
        """The password of VCENTER_USER at the simulator."""
        return self.folder.root / "vcenter-password"

    @property
    def passphrase(self) -> Path:
        """The passphrase that Pulumi encrypts the stack file's and the state's secrets with."""
        return self.folder.root / "passphrase"

    @property
    def cache_password(self) -> Path:
        """The sample application's password."""
        return self.folder.root / "cache-password"

    @property
    def lasting(self) -> tuple[Path, ...]:
        """What the stack file is sealed with or holds sealed; outlives `lab down` as the stack file does."""
        return (self.passphrase, self.vcenter_password, self.cache_password)


def ensure(folder: Folder, progress: Progress) -> Credentials:
    """Make what is missing. Raises LabError when ssh-keygen can't be had."""
    credentials = Credentials(folder)
    for path in credentials.lasting:
        if not path.exists():
            write_private(path, secrets.token_hex(24))
    if not credentials.ssh_key.with_suffix(".pub").exists():
        apt.ensure({"ssh-keygen": "openssh-client", "ssh": "openssh-client"}, "the lab's ssh key", progress)
        credentials.ssh_key.unlink(missing_ok=True)
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", folder.name, "-f", str(credentials.ssh_key)])
    return credentials
