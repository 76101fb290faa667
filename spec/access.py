"""Who may reach the nodes from outside, and whom the nodes reach: what a firewall has to know."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from pydantic import Field

from spec.base import Spec

ANYWHERE = (IPv4Network("0.0.0.0/0"),)


class AccessSpec(Spec):
    """Ranges for the ports matrix (`longshore ports`). Longshore itself opens and closes nothing."""

    operators: tuple[IPv4Network, ...] = Field(default=ANYWHERE, min_length=1)
    """Where ssh comes from: whoever runs `longshore`, and the pipeline."""
    clients: tuple[IPv4Network, ...] = Field(default=ANYWHERE, min_length=1)
    """Where requests to published ports come from."""
    ntp: tuple[IPv4Address, ...] = ()
    """Time servers; any when left out."""
