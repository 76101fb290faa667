"""`longshore:registry` in the lab stack: image from the lab's registry, certificate from the vault's authority."""

from __future__ import annotations

import json
from typing import Any

from tests.live.project import Project
from tests.live.vault import HTPASSWD, Vault
from tests.live.watch import machines

NODE, PORT = "lab-workers-1", 5001


def place(project: Project) -> str:
    """Return where it will be: `host:port`."""
    cluster = json.loads(project.ok("pulumi", "stack", "output", "--json", "--stack", "lab"))["cluster"]
    return f"{cluster['nodes'][NODE]['address']}:{PORT}"


def pushed(project: Project, own: str) -> str:
    """Push the image that the lab's registry itself runs on to that registry; return its name for the nodes."""
    [name] = machines(project, "-registry")
    image = project.docker("inspect", "--format", "'{{.Config.Image}}'", name).strip()
    local = f"{project.docker('port', name, '5000/tcp').split()[0]}/own-registry:1"
    project.docker("tag", image, local)
    project.docker("push", local)
    project.docker("rmi", local)
    return f"{own}/own-registry:1"


def declaration(image: str, host: str, vault: Vault) -> dict[str, Any]:
    """Return what the stack file says of it, without what is encrypted there."""
    certificate = vault.authority.issue_cert(host.partition(":")[0])
    (vault.folder / "own.key").write_bytes(certificate.private_key_pem.bytes())
    (vault.folder / "own.users").write_text(HTPASSWD)
    return {
        "image": image,
        "program": "docker-registry",
        "storage": {"kind": "volume", "source": "own-registry", "target": "/var/lib/registry"},
        "certificate": certificate.cert_chain_pems[0].bytes().decode(),
        "published": PORT,
        "constraints": [f"node.hostname == {NODE}"],
    }


def encrypt(project: Project, vault: Vault) -> None:
    """Add what is encrypted."""
    for key in ("key", "users"):
        file = vault.folder / f"own.{key}"
        project.in_lab(f"pulumi config set --stack lab --secret --path longshore:registry.{key} < {file}")
