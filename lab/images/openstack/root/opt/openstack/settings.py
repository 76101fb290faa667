"""The services' settings: the files of /etc/openstack with this lab's address and password, in a private folder."""

import os
from pathlib import Path

TEMPLATES = Path("/etc/openstack")
SETTINGS = Path("/run/openstack")
SERVICES = {
    "identity": "5000/v3",
    "placement": "8778",
    "image": "9292",
    "compute": "8774/v2.1",
    "network": "9696",
    "volumev3": "8776/v3/$(project_id)s",
}
"""Port and path of each service of keystone's catalogue."""


def write(address, password):
    """Fill in every template, and tell keystone where each service is."""
    os.umask(0o077)
    SETTINGS.mkdir(exist_ok=True)
    auth = filled((TEMPLATES / "auth").read_text(), address, password)
    for template in TEMPLATES.glob("*.conf"):
        text = template.read_text().replace("@AUTH@", auth)
        (SETTINGS / template.name).write_text(filled(text, address, password))
    (SETTINGS / "catalog").write_text("".join(catalog(address)))


def filled(text, address, password):
    return text.replace("@ADDRESS@", address).replace("@PASSWORD@", password)


def catalog(address):
    """The lines of keystone's templated catalogue."""
    for service, place in SERVICES.items():
        yield f"catalog.RegionOne.{service}.name = {service}\n"
        for interface in ("public", "internal", "admin"):
            yield f"catalog.RegionOne.{service}.{interface}URL = http://{address}:{place}\n"
