"""Who may reach the nodes from outside, and whom the nodes reach: what a firewall has to know."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.base import Spec


def _a_port(value: str) -> str:
    if int(value.partition("/")[0]) > 65535:
        raise ValueError("has no port: the highest is 65535")
    return value


Published = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}/(tcp|udp)$", examples=["80/tcp"]), AfterValidator(_a_port)]
ANYWHERE = (IPv4Network("0.0.0.0/0"),)


class AccessSpec(Spec):
    """Ranges for the ports matrix (`longshore ports`). On vSphere Longshore itself opens and closes nothing; a cloud's
    security groups let through just that."""

    operators: tuple[IPv4Network, ...] = Field(default=ANYWHERE, min_length=1)
    """Where ssh comes from: whoever runs `longshore`, and the pipeline."""
    clients: tuple[IPv4Network, ...] = Field(default=ANYWHERE, min_length=1)
    """Where requests to published ports come from."""
    ntp: tuple[IPv4Address, ...] = ()
    """Time servers; any when left out."""
    published: tuple[Published, ...] = ()
    """Ports that services of other stacks publish on this platform, such as `80/tcp`."""
