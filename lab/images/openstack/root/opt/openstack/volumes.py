"""Cinder's API, scheduler and volume service in one process, which lets them share its in-memory messages."""

import eventlet

eventlet.monkey_patch()

import __original_module_threading as original
import threading

original.current_thread.__globals__["_active"] = threading._active

from cinder import i18n

i18n.enable_lazy()

from cinder import coordination, objects, rpc, service, version
from cinder.common import config
from oslo_config import cfg
from oslo_log import log
from oslo_service.service import ServiceLauncher


def main():
    objects.register_all()
    arguments = ["--config-file", "/run/openstack/cinder.conf"]
    cfg.CONF.register_opt(cfg.StrOpt("backend_host"), group="lab")
    cfg.CONF(arguments, project="cinder", version=version.version_string())
    config.set_middleware_defaults()
    log.setup(cfg.CONF, "cinder")
    coordination.COORDINATOR.start()
    rpc.init(cfg.CONF)
    launcher = ServiceLauncher(cfg.CONF)
    launcher.launch_service(service.Service.create(binary="cinder-scheduler"))
    volume = service.Service.create(host="lab@lab", service_name="lab", binary="cinder-volume", coordination=True)
    launcher.launch_service(volume)
    launcher.launch_service(service.WSGIService("osapi_volume"))
    launcher.wait()


if __name__ == "__main__":
    main()
