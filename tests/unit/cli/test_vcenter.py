"""Removing a machine that Pulumi doesn't know: from a vCenter in memory, through pyVmomi's own types and faults."""

from __future__ import annotations

import ssl
from types import SimpleNamespace
from typing import Any

import pytest
from pyVmomi import vim, vmodl

from cli import vcenter
from components.targets.vsphere import session
from spec.errors import TargetError

TARGET = {"server": "vc.test", "user": "svc", "password": "hunter2", "datacenter": "DC1"}
FAULT: Any = vim.fault
SUCCESS, RUNNING, QUEUED = vim.TaskInfo.State.success, vim.TaskInfo.State.running, vim.TaskInfo.State.queued


class Task:
    """Goes through its states, one at each look."""

    def __init__(self, fault: Exception | None = None, states: tuple[Any, ...] = (SUCCESS,)) -> None:
        self._states, self._fault = list(states), fault
        self.looks = 0

    @property
    def info(self) -> Any:
        self.looks += 1
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        return SimpleNamespace(state=state, error=self._fault)


class Machine:
    """A machine; what is done to it is written down."""

    def __init__(self, power_off: Task, destroy: Task) -> None:
        self.done: list[str] = []
        self._tasks = {"off": power_off, "destroy": destroy}

    def PowerOffVM_Task(self) -> Task:  # noqa: N802  vCenter's name for it
        self.done.append("off")
        return self._tasks["off"]

    def Destroy_Task(self) -> Task:  # noqa: N802  vCenter's name for it
        self.done.append("destroy")
        return self._tasks["destroy"]


class Center:
    """A vCenter: machines by inventory path, and who logged in and out."""

    def __init__(self) -> None:
        self.machines: dict[str, Machine] = {}
        self.logins: list[dict[str, Any]] = []
        self.logouts = 0
        self.refuses: Exception | None = None
        self.searchIndex = self.sessionManager = self

    def connect(self, **options: Any) -> Any:
        if self.refuses:
            raise self.refuses
        self.logins.append(options)
        return self

    def RetrieveContent(self) -> Any:  # noqa: N802  vCenter's name for it
        return self

    def FindByInventoryPath(self, path: str) -> Machine | None:  # noqa: N802  vCenter's name for it
        return self.machines.get(path)

    def Logout(self) -> None:  # noqa: N802  vCenter's name for it
        self.logouts += 1

    def add(self, path: str, power_off: Task | None = None, destroy: Task | None = None) -> Machine:
        self.machines[path] = Machine(power_off or Task(), destroy or Task())
        return self.machines[path]


@pytest.fixture
def center(monkeypatch: pytest.MonkeyPatch) -> Center:
    made = Center()
    monkeypatch.setattr(session, "SmartConnect", made.connect)
    monkeypatch.setattr("cli.vcenter.time.sleep", lambda _seconds: None)
    return made


def test_machines_are_switched_off_and_removed_by_their_path(center: Center) -> None:
    ours, other = center.add("DC1/vm/shop/w-1"), center.add("DC1/vm/shop/w-2")
    vcenter.remove(TARGET, ["shop/w-1"])
    assert (ours.done, other.done) == (["off", "destroy"], [])
    assert center.logouts == 1


def test_a_machine_that_is_gone_is_none_of_our_business(center: Center) -> None:
    vcenter.remove(TARGET, ["shop/w-1"])
    assert center.logouts == 1


def test_one_that_is_off_already_is_removed_all_the_same(center: Center) -> None:
    machine = center.add("DC1/vm/shop/w-1", power_off=Task(FAULT.InvalidPowerState()))
    vcenter.remove(TARGET, ["shop/w-1"])
    assert machine.done == ["off", "destroy"]


def test_tasks_are_waited_for(center: Center) -> None:
    slow = Task(states=(QUEUED, RUNNING, RUNNING, SUCCESS))
    center.add("DC1/vm/shop/w-1", destroy=slow)
    vcenter.remove(TARGET, ["shop/w-1"])
    assert slow.looks >= 4


def test_what_vcenter_refuses_is_told_with_the_way_out(center: Center) -> None:
    fault = FAULT.NoPermission(msg="Permission to perform this operation was denied.")
    machine = center.add("DC1/vm/shop/w-1", destroy=Task(fault))
    with pytest.raises(TargetError, match=r"shop/w-1: Permission(.|\n)*remove it in vCenter"):
        vcenter.remove(TARGET, ["shop/w-1"])
    assert machine.done == ["off", "destroy"]
    assert center.logouts == 1


@pytest.mark.parametrize(
    ("server", "host", "port"), [("vc.test", "vc.test", 443), ("127.0.0.1:8989", "127.0.0.1", 8989)]
)
def test_it_logs_in_where_the_stack_says(center: Center, server: str, host: str, port: int) -> None:
    vcenter.remove(TARGET | {"server": server}, [])
    [login] = center.logins
    assert (login["host"], login["port"], login["user"], login["pwd"]) == (host, port, "svc", "hunter2")


@pytest.mark.parametrize(
    ("allowed", "mode"), [(False, ssl.CERT_REQUIRED), (True, ssl.CERT_NONE), (None, ssl.CERT_REQUIRED)]
)
def test_an_unverified_certificate_is_accepted_only_when_allowed(
    center: Center, allowed: bool | None, mode: ssl.VerifyMode
) -> None:
    vcenter.remove(TARGET | ({} if allowed is None else {"allow_unverified_ssl": allowed}), [])
    trust = center.logins[0]["sslContext"]
    assert (trust.verify_mode, trust.check_hostname) == (mode, mode is ssl.CERT_REQUIRED)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (FAULT.InvalidLogin(msg="Cannot complete login"), "Cannot complete login"),
        (ConnectionRefusedError("Connection refused"), "Connection refused"),
    ],
)
def test_a_login_that_fails_never_shows_the_password(center: Center, refusal: Exception, said: str) -> None:
    center.refuses = refusal
    with pytest.raises(TargetError, match=rf"vCenter vc.test: {said}") as caught:
        vcenter.remove(TARGET, ["shop/w-1"])
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__}"


def test_a_fault_is_one_of_vcenters_own() -> None:
    assert issubclass(vim.fault.NoPermission, vmodl.MethodFault)
