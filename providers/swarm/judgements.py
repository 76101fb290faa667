"""What each check of the baseline looks at: one small judgement a function, None when all is well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.swarm.facts import Facts

LOCAL = ("unix://", "fd://", "npipe://")
LOOPBACK = "127.0.0.0/8"
OUTDATED = ("aufs", "devicemapper", "overlay")
ON_NODE = ("json-file", "local", "none")


def own_disk(facts: Facts) -> str | None:
    """The engine's data can't fill up the system's disk."""
    return "data-root is on the system's file system" if facts.mount in ("/", "") else None


def audited(facts: Facts) -> str | None:
    """What happens to dockerd is written down."""
    return None if facts.audit_rules else "no audit rule names dockerd"


def no_icc(facts: Facts) -> str | None:
    """Traffic between containers on the default bridge is off."""
    return None if facts.setting("icc") is False else "icc isn't false"


def log_level(facts: Facts) -> str | None:
    """Messages below info are left out, and none above."""
    level = facts.setting("log-level") or "info"
    return None if level == "info" else f"log-level is {level}"


def iptables(facts: Facts) -> str | None:
    """The engine keeps its own packet filter rules."""
    return "iptables is false" if facts.setting("iptables") is False else None


def secure_registries(facts: Facts) -> str | None:
    """No registry but loopback is talked to without a verified certificate."""
    ranges = (facts.info.get("RegistryConfig") or {}).get("InsecureRegistryCIDRs") or []
    indexes = (facts.info.get("RegistryConfig") or {}).get("IndexConfigs") or {}
    open_ = [each for each in ranges if each not in (LOOPBACK, "::1/128")]
    open_ += [name for name, index in indexes.items() if not index.get("Secure", True)]
    return f"insecure: {', '.join(open_)}" if open_ else None


def storage_driver(facts: Facts) -> str | None:
    """The storage driver is one that Docker still maintains."""
    driver = facts.info.get("Driver")
    return f"storage driver {driver}" if driver in OUTDATED else None


def listeners(facts: Facts) -> str | None:
    """Over the network, only who shows a certificate of our authority is listened to."""
    network = [each for each in facts.listeners if not each.startswith(LOCAL)]
    if network and facts.setting("tlsverify") is not True:
        return f"the engine listens on {', '.join(network)} and asks for no certificate: whoever connects is root"
    return None


def ulimits(facts: Facts) -> str | None:
    """A runaway process can't take every file handle of the node."""
    return None if facts.setting("default-ulimits", "default-ulimit") else "default-ulimits is empty"


def user_namespaces(facts: Facts) -> str | None:
    """User ids are mapped."""
    return None if _security(facts, "name=userns") or _security(facts, "name=rootless") else "userns-remap is off"


def cgroup_parent(facts: Facts) -> str | None:
    """Containers are where the node's own limits expect them."""
    parent = facts.setting("cgroup-parent")
    return f"cgroup-parent is {parent}" if parent else None


def base_size(facts: Facts) -> str | None:
    """The size of a container's root file system is left alone."""
    options = [*facts.config.get("storage-opts", []), *facts.flags("storage-opt")]
    return "dm.basesize is set" if any("dm.basesize" in str(option) for option in options) else None


def authorization(facts: Facts) -> str | None:
    """Not everyone on the socket may do everything."""
    return None if (facts.info.get("Plugins") or {}).get("Authorization") else "no authorization plugin"


def central_logs(facts: Facts) -> str | None:
    """Logs outlive their node."""
    driver = str(facts.info.get("LoggingDriver", ""))
    return f"log driver {driver} keeps them on the node" if driver in ON_NODE else None


def no_new_privileges(facts: Facts) -> str | None:
    """A set-uid program in a container stays what it is."""
    return None if facts.setting("no-new-privileges") is True else "no-new-privileges isn't true"


def live_restore(facts: Facts) -> str | None:
    """Swarm tasks can't outlive the engine (docs.docker.com, "Live restore")."""
    return "live-restore is on, which Swarm can't work with" if facts.info.get("LiveRestoreEnabled") else None


def userland_proxy(facts: Facts) -> str | None:
    """Published ports are the kernel's work."""
    return None if facts.setting("userland-proxy") is False else "userland-proxy isn't false"


def seccomp(facts: Facts) -> str | None:
    """System calls are filtered."""
    if not _security(facts, "name=seccomp") or _security(facts, "profile=unconfined"):
        return "no seccomp profile"
    return None


def experimental(facts: Facts) -> str | None:
    """Nothing unfinished is on."""
    return "experimental is true" if facts.info.get("ExperimentalBuild") else None


def cgroup_driver(facts: Facts) -> str | None:
    """On cgroup v2 systemd is the one writer (docs.docker.com, "Runtime metrics"; kubernetes/kubernetes#94376)."""
    driver, version = facts.info.get("CgroupDriver"), str(facts.info.get("CgroupVersion", ""))
    if version == "2" and facts.init == "systemd" and driver == "cgroupfs":
        return "cgroup driver cgroupfs on a host whose control groups (v2) are systemd's"
    if driver == "systemd" and facts.init != "systemd":
        return f"cgroup driver systemd on a host that runs {facts.init or 'something else'}"
    return None


def log_rotation(facts: Facts) -> str | None:
    """Logs can't fill up the disk."""
    driver = facts.info.get("LoggingDriver", "json-file")
    options: Any = facts.setting("log-opts", "log-opt") or {}
    if driver != "json-file" or "max-size" in str(options):
        return None
    return "json-file without max-size: logs grow until the disk is full"


def vmxnet3(facts: Facts) -> str | None:
    """VXLAN's inner checksums are not left to VMXNET3."""
    wrong = [nic for nic in facts.nics if nic.driver == "vmxnet3" and nic.checksums != "off"]
    return ", ".join(f"tx-checksum-ip-generic of {nic.name}: {nic.checksums}" for nic in wrong) or None


def file(where: str, mode: int, owner: str = "root:root") -> Callable[[Facts], str | None]:
    """Return the judgement on files whose path is, ends with, or begins with `where`: at most these permissions.

    A file that doesn't exist is fine.
    """

    def judged(facts: Facts) -> str | None:
        found = [path for path in facts.files if path == where or path.endswith(f"/{where}")]
        found += [path for path in facts.files if where.endswith("/") and path.startswith(where)]
        wrong = []
        for path in found:
            permissions, _, who = facts.files[path].partition(" ")
            if who not in (owner, "root:root") or int(permissions or "0", 8) & ~mode:
                wrong.append(f"{path} is {permissions} {who}, at most {mode:o} {owner}")
        return "; ".join(wrong) or None

    return judged


def _security(facts: Facts, text: str) -> bool:
    return any(text in str(option) for option in facts.info.get("SecurityOptions") or [])
