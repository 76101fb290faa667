"""What becomes of each key of a compose service: honoured, left out with a warning, or refused, and the alternative.

Source: compose-spec.io, 05-services and deploy, against what Swarm services can do (docs.docker.com, "docker service
create") and the Docker provider passes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Status = Literal["honoured", "warning", "refused"]


class Key(NamedTuple):
    """One key's fate. `says`: how it is honoured, or what to write instead."""

    status: Status
    says: str


def _honoured(*names: str, says: str = "") -> dict[str, Key]:
    return {name: Key("honoured", says) for name in names}


ISOLATION = "set it for the whole engine, or run this outside the Swarm"

KEYS: Mapping[str, Key] = {
    **_honoured("image", "user", "read_only", "init", "hostname", "sysctls", "profiles", "extends"),
    **_honoured("stop_grace_period", "stop_signal", "healthcheck", "deploy", "cap_add", "cap_drop"),
    **_honoured("entrypoint", says="as `command`"),
    **_honoured("command", says="as `args`"),
    **_honoured("environment", says="as `env`; a name without value takes the stack's variable"),
    **_honoured("env_file", says="read when the stack is; values land in `env`"),
    **_honoured("working_dir", says="as `directory`"),
    **_honoured("group_add", says="as `groups`"),
    **_honoured("labels", says="as `container_labels`; `deploy.labels` are the service's"),
    **_honoured("networks", says="with aliases; without any the service joins `default`"),
    **_honoured("ports", says="`mode: ingress` unless the long form says `host`; no address of one node"),
    **_honoured("volumes", "tmpfs", says="as `mounts`"),
    **_honoured("configs", "secrets", says="external ones are declared in the stack file"),
    **_honoured("extra_hosts", says="as `hosts`"),
    **_honoured("dns", "dns_search", "dns_opt", says="as `dns`"),
    **_honoured("logging", says="as `log`"),
    **_honoured("scale", says="as `replicas`"),
    **_honoured("restart", says="as `restart.condition`; `deploy.restart_policy` wins"),
    **_honoured("cpus", "mem_limit", says="as `limits`; `deploy.resources` wins"),
    **_honoured("mem_reservation", says="as `reservations`; `deploy.resources` wins"),
    "annotations": Key("warning", "use labels"),
    "attach": Key("warning", "`longshore logs` shows every service"),
    "build": Key("warning", "the image named is deployed; build and push it with `longshore push`"),
    "container_name": Key("warning", "Swarm names tasks itself; other services find it by the service's name"),
    "depends_on": Key("warning", "Swarm starts everything at once; let the service wait, or fail and be restarted"),
    "develop": Key("warning", "for `docker compose watch` only; see `longshore push`"),
    "expose": Key("warning", "services of one network reach all of each other's ports"),
    "links": Key("warning", "services of one network find each other by name; use networks.<name>.aliases"),
    "label_file": Key("refused", "write the labels under `labels`"),
    "platform": Key("warning", "add deploy.placement.constraints: node.platform.arch == …"),
    "pull_policy": Key("warning", "Swarm pulls what a digest names when it isn't there"),
    "pull_refresh_after": Key("warning", "pin the image by digest and change the digest"),
    "stdin_open": Key("warning", "a task has no standard input; use `docker exec` on its node"),
    "tty": Key("warning", "a task needs no terminal"),
    "blkio_config": Key("refused", ISOLATION),
    "cgroup": Key("refused", ISOLATION),
    "cgroup_parent": Key("refused", ISOLATION),
    "cpu_count": Key("refused", "use deploy.resources.limits.cpus"),
    "cpu_percent": Key("refused", "use deploy.resources.limits.cpus"),
    "cpu_period": Key("refused", "use deploy.resources.limits.cpus"),
    "cpu_quota": Key("refused", "use deploy.resources.limits.cpus"),
    "cpu_rt_period": Key("refused", ISOLATION),
    "cpu_rt_runtime": Key("refused", ISOLATION),
    "cpu_shares": Key("refused", "use deploy.resources.reservations.cpus"),
    "cpuset": Key("refused", "use a pool of its own and a placement constraint"),
    "credential_spec": Key("refused", "Windows only"),
    "device_cgroup_rules": Key("refused", ISOLATION),
    "devices": Key("refused", "Swarm passes no devices; pin a bind mount of /dev/… where that is enough"),
    "domainname": Key("refused", "use the full name as `hostname`"),
    "external_links": Key("refused", "join the other service's network"),
    "gpus": Key("refused", "Swarm has no GPU requests; use a runtime of the engine and a constraint"),
    "ipc": Key("refused", ISOLATION),
    "isolation": Key("refused", "Windows only"),
    "mac_address": Key("refused", "Swarm gives addresses itself"),
    "mem_swappiness": Key("refused", ISOLATION),
    "memswap_limit": Key("refused", "use deploy.resources.limits.memory"),
    "network_mode": Key("refused", "use `networks`; for the node's own ports publish with `mode: host`"),
    "oom_kill_disable": Key("refused", ISOLATION),
    "oom_score_adj": Key("refused", ISOLATION),
    "pid": Key("refused", ISOLATION),
    "pids_limit": Key("refused", ISOLATION),
    "post_start": Key("refused", "put it in the image's entrypoint"),
    "pre_stop": Key("refused", "handle stop_signal in the image"),
    "privileged": Key("refused", "add the capabilities that are needed with cap_add"),
    "provider": Key("refused", "run the provider outside, and give its address as a config"),
    "runtime": Key("refused", "set the engine's default runtime"),
    "security_opt": Key("refused", "no-new-privileges is an engine setting; Swarm passes no others"),
    "shm_size": Key("refused", "mount tmpfs with a size at /dev/shm"),
    "storage_opt": Key("refused", ISOLATION),
    "ulimits": Key("refused", "set the engine's default-ulimits"),
    "userns_mode": Key("refused", "user namespaces are an engine setting"),
    "uts": Key("refused", ISOLATION),
    "volumes_from": Key("refused", "mount the same named volume in both"),
}
