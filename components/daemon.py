"""`daemon.json`: the engine's settings as Docker wants them written (docs.docker.com, "dockerd")."""

from __future__ import annotations

from typing import Any

from spec.engine import EngineSpec


def daemon(engine: EngineSpec) -> dict[str, Any]:
    """Return the content of `daemon.json`; what is left out is Docker's own default."""
    return _always(engine) | {key: value for key, value in _where_asked(engine).items() if value}


def _always(engine: EngineSpec) -> dict[str, Any]:
    return {
        "log-driver": "json-file",
        "log-opts": {"max-size": engine.log_max_size, "max-file": str(engine.log_max_file)},
        "live-restore": engine.live_restore,
        "icc": engine.inter_container,
        "no-new-privileges": engine.no_new_privileges,
        "userland-proxy": engine.userland_proxy,
        "default-address-pools": [{"base": str(pool.base), "size": pool.size} for pool in engine.address_pools],
    }


def _where_asked(engine: EngineSpec) -> dict[str, Any]:
    runtimes = {
        name: {"path": runtime.path, **({"runtimeArgs": list(runtime.args)} if runtime.args else {})}
        for name, runtime in engine.runtimes.items()
    }
    return {
        "data-root": engine.data_root,
        "registry-mirrors": list(engine.mirrors),
        "default-ulimits": {
            name: {"Name": name, "Soft": limit.soft, "Hard": limit.hard} for name, limit in engine.ulimits.items()
        },
        "runtimes": runtimes,
        "default-runtime": engine.default_runtime if engine.default_runtime != "runc" else None,
        "userns-remap": engine.userns_remap,
    }
