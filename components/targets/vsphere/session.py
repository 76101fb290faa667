"""A session with vCenter itself, for the little that the vSphere provider can't do. Loads pyVmomi: import it late."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyVim.connect import SmartConnect
from pyVmomi import vim

from spec.errors import TargetError


@contextmanager
def connected(server: str, user: str, password: str, allow_unverified_ssl: bool) -> Iterator[Any]:
    """Log in for a while, and give out the service instance. Raises TargetError when vCenter refuses or is away."""
    host, _, port = server.partition(":")
    trust = ssl.create_default_context()
    if allow_unverified_ssl:
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    connect: Any = SmartConnect
    try:
        session = connect(host=host, port=int(port or 443), user=user, pwd=password, sslContext=trust)
    except (vim.fault.InvalidLogin, OSError) as error:
        reason = str(getattr(error, "msg", error))
        raise TargetError(f"vCenter {server}", reason, "check server, user and password") from None
    try:
        yield session
    finally:
        session.RetrieveContent().sessionManager.Logout()


def hosts(session: Any, cluster_id: str) -> int:
    """Return how many hosts a cluster has."""
    kind: Any = vim.ClusterComputeResource
    cluster = kind(cluster_id, session._stub)
    return len(cluster.host)
