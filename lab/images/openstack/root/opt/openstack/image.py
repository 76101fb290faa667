"""Glance's API."""

import sys

from glance.cmd.api import main

if __name__ == "__main__":
    sys.argv = ["glance-api", "--config-file", "/run/openstack/glance.conf"]
    main()
