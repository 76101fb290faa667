"""Stack files as people write them."""

from __future__ import annotations

from pathlib import Path

from upkeep.pools import StackFile

TEXT = """\
# yaml-language-server: $schema=schema.json
config:
  longshore:target:
    kind: vsphere
    server: vcenter.test
    user: svc  # a service account
    password: {secure: v1:abc}
    datacenter: DC1
    cluster: compute-1
    datastore: "vsan"
    template: debian-12-docker
    network: {name: app, cidr: 10.20.0.0/24, gateway: 10.20.0.1, dns: [10.20.0.1]}
  longshore:engine:
    ssh:
      authorized_keys:
        - ssh-ed25519 AAAA you@example.com and a comment, long enough that a writer of YAML would wrap the line here
  longshore:cluster:
    name: shop
    pools:
      # They decide.
      managers: {role: manager, count: 3, cpus: 2, memory: 4 GiB, first_address: 10.20.0.11}

      workers:
        role: worker
        count: 2
        cpus: 4
        memory: 8 GiB      # enough for the shop
        first_address: 10.20.0.21
"""


def stack_file(folder: Path, text: str = TEXT) -> StackFile:
    path = folder / "Pulumi.shop.yaml"
    path.write_text(text)
    return StackFile(path)
