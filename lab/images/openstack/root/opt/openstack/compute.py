"""Nova's API, conductor, scheduler and compute in one process, which lets them share its in-memory messages."""

import sys

import nova.monkey_patch  # noqa: F401  before anything else, as nova's own commands do

import nova.conf
import os_vif
from nova import config, objects, service
from nova.compute import rpcapi as compute
from nova.conductor import rpcapi as conductor
from nova.scheduler import rpcapi as scheduler
from oslo_log import log
from oslo_service.service import ServiceLauncher

SERVICES = {"nova-conductor": conductor, "nova-scheduler": scheduler, "nova-compute": compute}


def main():
    config.parse_args(["nova", "--config-file", "/run/openstack/nova.conf"])
    log.setup(nova.conf.CONF, "nova")
    objects.register_all()
    os_vif.initialize()
    objects.Service.enable_min_version_cache()
    launcher = ServiceLauncher(nova.conf.CONF)
    for binary, rpcapi in SERVICES.items():
        launcher.launch_service(service.Service.create(binary=binary, topic=rpcapi.RPC_TOPIC))
    launcher.launch_service(service.WSGIService("osapi_compute"))
    launcher.wait()


if __name__ == "__main__":
    sys.exit(main())
