"""Several stacks at once, the base beside the head, and rehearsals."""

from __future__ import annotations

import threading

import pytest

from review.build import from_lines
from review.git import Git
from review.model import ChangeModel
from review.redact import Redactor
from review.run import Runner, models
from spec.errors import ReviewError
from tests.unit.review import log
from tests.unit.review.repository import Repository, grown, quiet

SEALED = "config:\n  longshore:secrets: {a: {secure: %s}}\nencryptionsalt: %s\n"


@pytest.fixture
def runner(repository: Repository) -> Runner:
    repository.write("Pulumi.yaml", "name: shop\n")
    for stack in ("dev", "prod"):
        repository.write(f"stacks/Pulumi.{stack}.yaml", SEALED % ("v1:CANARYaaaa", "v1:SALTaaaa"))
        repository.plays(stack, quiet())
    repository.commit()
    return Runner(Git(repository.root), Redactor(), lambda _: None)


def test_models_come_in_the_order_of_the_stacks_and_each_start_and_end_is_said() -> None:
    said: list[str] = []
    found = models(["b", "a"], lambda _: from_lines(grown()), said.append, 1)
    assert list(found) == ["b", "a"]
    assert said == ["b: previewing", "b: 1 change in 3 s", "a: previewing", "a: 1 change in 3 s"]


def test_as_many_run_at_once_as_were_asked_for_and_no_more() -> None:
    both, running, most = threading.Barrier(2, timeout=30), 0, 0

    def work(_: str) -> ChangeModel:
        nonlocal running, most
        running += 1
        most = max(most, running)
        both.wait()  # breaks if there were fewer than two
        running -= 1
        return from_lines(quiet())

    models(["a", "b", "c", "d"], work, lambda _: None, 2)
    assert most <= 2


def test_an_error_of_the_work_is_raised() -> None:
    def work(_: str) -> ChangeModel:
        raise ReviewError("x", "y")

    with pytest.raises(ReviewError):
        models(["a"], work, lambda _: None, 3)


def test_without_a_base_there_is_one_model_each(runner: Runner, repository: Repository) -> None:
    repository.plays("prod", grown())
    found = runner.previews(dict.fromkeys(("dev", "prod"), repository.environment))
    assert {stack: len(both.head.changed) for stack, both in found.items()} == {"dev": 0, "prod": 1}
    assert all(both.base is None for both in found.values())


def test_the_base_is_previewed_with_its_own_program(runner: Runner, repository: Repository) -> None:
    both = [log.steps("update", log.VM, name, {"memory": 1}, {"memory": 2}) for name in ("w1", "w2")]
    repository.plays("prod", log.lines(both[0]))
    repository.commit()
    repository.plays("prod", log.lines(*both))
    found = runner.previews({"prod": repository.environment}, "HEAD")["prod"]
    assert found.base is not None
    assert [len(found.base.changed), len(found.head.changed)] == [1, 2]
    assert len({folder for folder, arguments, _ in repository.calls() if arguments[0] == "preview"}) == 2


def test_a_stack_that_the_base_does_not_have_is_new(runner: Runner, repository: Repository) -> None:
    repository.write("stacks/Pulumi.new.yaml", "config: {}\n")
    repository.git("add", "stacks")
    repository.plays("new", grown())
    assert runner.previews({"new": repository.environment}, "HEAD")["new"].base is None


def test_a_stack_file_that_git_does_not_keep_is_the_same_on_both_sides(runner: Runner, repository: Repository) -> None:
    repository.write(".gitignore", "/stacks/Pulumi.lab.yaml\n")
    repository.write("stacks/Pulumi.lab.yaml", "config: {}\n")
    repository.plays("lab", grown())
    repository.git("add", "played", ".gitignore")
    repository.git("commit", "--quiet", "--message", "x")
    both = runner.previews({"lab": repository.environment}, "HEAD")["lab"]
    assert both.base == both.head
    assert both.encryption == ()


def test_what_differs_in_the_stack_file_is_told_without_any_secret(runner: Runner, repository: Repository) -> None:
    repository.write("stacks/Pulumi.prod.yaml", SEALED % ("v1:CANARYbbbb", "v1:SALTbbbb") + "extra: 1\n")
    found = runner.previews({"prod": repository.environment}, "HEAD")["prod"]
    changes = {change.path: change.concealed for change in found.head.stack_file}
    assert changes == {'config["longshore:secrets"].a': True, "encryptionsalt": True, "extra": False}
    assert found.encryption == ("encryptionsalt",)
    assert not [word for word in ("CANARY", "SALT") if word in found.head.model_dump_json()]


def test_a_rehearsal_compares_base_and_head_and_asks_no_pulumi(runner: Runner, repository: Repository) -> None:
    program = 'import pulumi_docker as d\nd.Volume("data", labels=[{"label": "tier", "value": "%s"}])\n'
    repository.write("__main__.py", program % "gold")
    repository.commit()
    repository.write("__main__.py", program % "silver")
    found = runner.rehearsals(["prod"], "HEAD")["prod"].head
    assert found.run.offline
    assert [(each.name, each.action.value) for each in found.changed] == [("data", "replace")]
    assert repository.calls() == []
    assert len(repository.git("worktree", "list").splitlines()) == 1
