"""Starting the Swarm anew, from a backup or from a manager that survived, when its quorum is lost for good.

Source: docs.docker.com, "Administer and maintain a swarm of Docker Engines", "Restore from a backup" and "Recover from
losing the quorum".
"""

from __future__ import annotations

import shlex
from collections.abc import Callable

from providers.swarm.connection import Connection, as_root
from providers.swarm.control import NoManagerError
from providers.swarm.handler import Call
from spec.errors import LongshoreError, SwarmError
from upkeep.archive import Manifest
from upkeep.backup import connection_of
from upkeep.reach import Outputs, managers, swarm_of

Say = Callable[[str], None]
COPY_SECONDS = 600.0
START_SECONDS = 60.0
LIST_SECONDS = 120.0

UNPACK = """set -e
umask 077
cd {root}
cat > longshore-restore.tar.gz
trap 'rm -f longshore-restore.tar.gz' EXIT
systemctl stop docker.socket 2>/dev/null || true
systemctl stop docker
rm -rf swarm.before-restore
if [ -e swarm ]; then mv swarm swarm.before-restore; fi
tar -xzf longshore-restore.tar.gz
systemctl start docker
"""


def restore(cluster: Outputs, world: Call, backup: tuple[Manifest, bytes] | None, say: Say) -> str:
    """Make one manager the whole Swarm again, from `backup` or from its own data; return its name.

    Every other manager leaves and goes off the list, to join again by `up`. Workers stay and find the manager by
    themselves. Raises SwarmError when the Swarm still decides, or the backup is another's.
    """
    own = target(cluster, world, backup[0] if backup else None)
    _refuse_while_it_decides(cluster, world)
    for other in managers(cluster):
        if other.host != own.host:
            _make_leave(other, world, say)
    if backup:
        _unpack(own, backup, world, say)
    _force_new(own, str(cluster["swarmId"]), world, say)
    _forget_others(cluster, own, world, say)
    return own.where


def target(cluster: Outputs, world: Call, manifest: Manifest | None) -> Connection:
    """Return the manager to start from: the one the backup is of, as its identity and address are in it, or a survivor.

    Raises SwarmError when there is none.
    """
    if manifest is None:
        return _survivor(managers(cluster), world)
    if manifest.swarm_id != cluster["swarmId"]:
        raise SwarmError(
            "backup", f"it is of the Swarm {manifest.swarm_id}, the stack's is {cluster['swarmId']}", "choose another"
        )
    return connection_of(cluster, manifest.node)


def _survivor(every: list[Connection], world: Call) -> Connection:
    reasons = []
    for each in every:
        try:
            with world.outside.docker(each) as engine:
                state = engine.info()["Swarm"]
            if state["LocalNodeState"] != "inactive" and state["ControlAvailable"]:
                return each
            reasons.append(f"{each.where}: {state['LocalNodeState']}")
        except LongshoreError as error:
            reasons.append(f"{each.where}: {error.found}")
    raise SwarmError("swarm", f"no manager has survived ({'; '.join(reasons)})", "restore from a backup file")


def _refuse_while_it_decides(cluster: Outputs, world: Call) -> None:
    try:
        with swarm_of(cluster, world) as swarm:
            count = len([member for member in swarm.members() if member.manages])
    except NoManagerError:
        return
    raise SwarmError(
        "swarm",
        f"its {count} managers have a quorum: what they know is newer than any backup",
        "run `longshore up` to mend single nodes; nothing has to be restored",
    )


def _make_leave(other: Connection, world: Call, say: Say) -> None:
    """A second manager with old data would claim to be the same Swarm."""
    try:
        with world.outside.docker(other) as engine:
            if engine.info()["Swarm"]["LocalNodeState"] != "inactive":
                engine.leave_swarm(force=True)
                say(f"{other.where}: has left the Swarm that has no quorum")
    except LongshoreError as error:
        say(f"{other.where}: not asked to leave ({error.found}); if it comes back: `docker swarm leave --force`")


def _unpack(own: Connection, backup: tuple[Manifest, bytes], world: Call, say: Say) -> None:
    manifest, data = backup
    with world.outside.docker(own) as engine:
        root = engine.info()["DockerRootDir"]
    say(f"{own.where}: gets the data of {manifest.time}; what it had is kept as {root}/swarm.before-restore")
    script = UNPACK.format(root=shlex.quote(root))
    world.outside.pipe(own, f"{as_root(own)}sh -c {shlex.quote(script)}", data, COPY_SECONDS)


def _force_new(own: Connection, swarm_id: str, world: Call, say: Say) -> None:
    say(f"{own.where}: becomes the only manager (--force-new-cluster)")

    def initialised() -> bool | None:
        try:
            with world.outside.docker(own, 60) as engine:
                engine.init_swarm(advertise_addr=own.advertised, force_new_cluster=True)
        except SwarmError as error:
            if "force-new-cluster" in error.found or "not part of a swarm" in error.found.lower():
                raise
            return None
        except LongshoreError:
            return None
        return True

    if not world.clock.until(START_SECONDS, initialised, every=3.0):
        raise SwarmError(own.where, "its engine does not start with that data", "see `journalctl -u docker` there")
    with world.outside.docker(own) as engine:
        found = (engine.info()["Swarm"].get("Cluster") or {}).get("ID")
    if found != swarm_id:
        raise SwarmError(own.where, f"it is the Swarm {found} now, not {swarm_id}", "choose another backup")


def _forget_others(cluster: Outputs, own: Connection, world: Call, say: Say) -> None:
    """Take the managers that are no more off the list, so that they can join again under their names.

    They are in no Raft group any more: they can't be demoted (swarmkit: "can't find manager in raft memberlist").
    """
    alone: Outputs = {**cluster, "managers": [each for each in cluster["managers"] if each["host"] == own.host]}

    def forgotten() -> bool | None:
        try:
            with swarm_of(alone, world) as swarm:
                mine = swarm.client.info()["Swarm"]["NodeID"]
                for member in [each for each in swarm.members() if each.role == "manager" and each.id != mine]:
                    swarm.remove(member.id)
                    say(f"{member.hostname}: off the list ({member.id})")
        except LongshoreError:
            return None
        return True

    if not world.clock.until(LIST_SECONDS, forgotten, every=3.0):
        raise SwarmError(own.where, "the other managers can't be taken off its list", "`docker node rm --force` there")
