"""A second registry in the lab, which lets nobody in without a password: for as long as a test needs it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from ruamel.yaml import YAML

from tests.live.hands import on_node
from tests.live.project import Project
from tests.live.watch import machines

USER, PASSWORD = "deployer", "canary-registry-password"
HTPASSWD = f"{USER}:$2b$05$abcdefghijklmnopqrstuuFqj9r0gzLJx5.wQXjqr5awOiZGCazOq\n"
"""What `htpasswd -nbB` prints for them."""


@dataclass(frozen=True)
class Vault:
    """The registry, and what it takes to get in."""

    project: Project
    host: str
    folder: Path
    authority: trustme.CA

    @property
    def authorities(self) -> Path:
        return self.folder / "authorities.pem"

    @property
    def token(self) -> Path:
        """What the stack's command prints: a test may change it."""
        return self.folder / "token"

    @property
    def container(self) -> str:
        return self.folder.name

    def trusted_by(self, node: str) -> None:
        """Have a node's engine trust it, as cloud-init does for a registry in the stack file."""
        ca = base64.b64encode(self.authorities.read_bytes()).decode()
        folder = f"/etc/docker/certs.d/{self.host}"
        on_node(self.project, node, f"mkdir -p {folder} && echo {ca} | base64 -d > {folder}/ca.crt")


@contextmanager
def vault(project: Project, folder: Path) -> Iterator[Vault]:
    """Start it beside the lab's own, from the same image, trusted by every node; remove it at the end."""
    config = YAML(typ="safe").load(project.folder / "stacks" / "Pulumi.lab.yaml")["config"]
    [own] = config["longshore:engine"]["registries"]
    address = f"{own.rpartition('.')[0]}.250"
    authority = trustme.CA()
    made = Vault(project, f"{address}:5000", folder, authority)
    (folder / "server.pem").write_bytes(authority.issue_cert(address).private_key_and_cert_chain_pem.bytes())
    (folder / "htpasswd").write_text(HTPASSWD)
    own_ca = config["longshore:engine"]["registries"][own]["ca"].encode()
    made.authorities.write_bytes(authority.cert_pem.bytes() + own_ca)
    made.token.write_text(PASSWORD)
    [image, network] = _like(project)
    project.docker(
        "run", "--detach", "--name", made.container, "--network", network, "--ip", address,
        "--env", "REGISTRY_AUTH=htpasswd", "--env", "REGISTRY_AUTH_HTPASSWD_REALM=vault",
        "--env", "REGISTRY_AUTH_HTPASSWD_PATH=/run/vault/htpasswd",
        "--volume", f"{folder}/htpasswd:/run/vault/htpasswd:ro",
        "--volume", f"{folder}/server.pem:/run/registry.pem:ro", image,
    )  # fmt: skip
    nodes = [name.partition("-lab-")[2] for name in machines(project, "-lab-")]
    try:
        for node in nodes:
            made.trusted_by(f"-lab-{node}")
        yield made
    finally:
        project.docker("rm", "--force", "--volumes", made.container)
        for node in nodes:
            on_node(project, f"-lab-{node}", f"rm -r /etc/docker/certs.d/{made.host}")


def _like(project: Project) -> list[str]:
    """Return the image and the network of the lab's own registry."""
    [name] = machines(project, "-registry")
    network = name.removesuffix("-registry")
    return [project.docker("inspect", "--format", "'{{.Config.Image}}'", name).strip(), network]
