"""The lab's certificate authority, and the registry's certificate signed by it."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import trustme

from lab.folder import Folder, write_private


def ca_file(folder: Folder) -> Path:
    """Return the path of the authority's certificate; public."""
    return folder.root / "ca.pem"


def ensure(folder: Folder, address: IPv4Address) -> Path:
    """Make an authority and a certificate for `address`, once, and return the file with its key and chain.

    The authority's key is thrown away: nothing else is ever signed.
    """
    server = folder.root / "registry" / f"{address}.pem"
    if not server.exists() or not ca_file(folder).exists():
        server.parent.mkdir(mode=0o700, exist_ok=True)
        authority = trustme.CA(organization_name=folder.name)
        write_private(ca_file(folder), authority.cert_pem.bytes())
        write_private(server, authority.issue_cert(str(address)).private_key_and_cert_chain_pem.bytes())
    return server
