"""The passwords of the lab's OpenStack, made once, and what a client needs to log in."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from lab.folder import Folder, write_private

USER = PROJECT = "longshore"
DOMAIN = "Default"
REGION = "RegionOne"
WHO = ("admin", "user")


@dataclass(frozen=True)
class Keys:
    """Where the passwords are: of the cloud's admin, and of the one project's user."""

    folder: Folder

    @property
    def place(self) -> Path:
        """The private folder that the container reads them from."""
        return self.folder.root / "openstack"

    @property
    def clouds(self) -> Path:
        """The clients' settings (docs.openstack.org, "clouds.yaml"), with the project's user as cloud `lab`."""
        return self.folder.root / "clouds.yaml"

    def password(self, who: str) -> str:
        """Return a password."""
        return (self.place / f"{who}-password").read_text()


def ensure(folder: Folder, address: str) -> Keys:
    """Make the passwords that are missing, and write down where the cloud is."""
    keys = Keys(folder)
    keys.place.mkdir(mode=0o700, exist_ok=True)
    for who in WHO:
        path = keys.place / f"{who}-password"
        if not path.exists():
            write_private(path, secrets.token_hex(24))
    cloud = {
        "auth": {
            "auth_url": auth_url(address), "username": USER, "password": keys.password("user"),
            "project_name": PROJECT, "user_domain_name": DOMAIN, "project_domain_name": DOMAIN,
        },
        "region_name": REGION,
    }  # fmt: skip
    # JSON is YAML, and quotes what has to be quoted.
    write_private(keys.clouds, json.dumps({"clouds": {"lab": cloud}}, indent=2) + "\n")
    return keys


def auth_url(address: str) -> str:
    """Return keystone's address."""
    return f"http://{address}:5000/v3"
