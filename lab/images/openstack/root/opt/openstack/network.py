"""Neutron's API. There are no agents, so there is nobody to send messages to."""

import sys

import neutron.cmd.eventlet  # noqa: F401  before anything else, as neutron's own commands do
from neutron import server, service


def serve():
    service.serve_wsgi(service.NeutronApiService).wait()


if __name__ == "__main__":
    sys.argv = ["neutron-api", "--config-file", "/run/openstack/neutron.conf"]
    server.boot_server(serve)
