"""Releases on their way: three small environments of the lab, real branches, and what stops a release."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lab import docker_engine, registry
from lab.folder import Folder
from release.ask import page
from tests.live.project import Done, Project

STACKS = ("lab-dev", "lab-staging", "lab-prod")
FIRST, GOOD, BAD = "1.0", "1.1", "1.2"


@pytest.fixture(scope="module")
def chain(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A repository with everything in it; a bad image in the registry; none of the three stacks afterwards."""
    git(project, "init", "--quiet")
    git(project, "config", "user.name", "Ann")
    git(project, "config", "user.email", "ann@example.com")
    files = [f"stacks/Pulumi.{stack}.yaml" for stack in STACKS]
    committed(project, "Environments", *files, "stacks/environments.yaml")
    publish_bad(project, tmp_path_factory.mktemp("bad"))
    try:
        yield project
    finally:
        for process in [project.start("destroy", "--stack", stack, "--yes") for stack in reversed(STACKS)]:
            print(process.communicate()[0])


@pytest.fixture(scope="module")
def first(chain: Project) -> str:
    """The first release, cut of the tags in the first environment's stack file."""
    return cut(chain)


@pytest.fixture(scope="module")
def bad(chain: Project) -> str:
    """A release whose page runs, and says something else."""
    set_web(chain, BAD)
    return cut(chain)


def test_a_release_goes_from_dev_over_staging_to_prod(chain: Project, first: str) -> None:
    refused = chain.run("release", "promote", first, "--to", "prod")
    assert (refused.code, "order: " in refused.output) == (7, True)
    promote(chain, first, "dev")
    interrupt(chain, "dev", machine="lab-dev-managers-1")
    resumed = chain.ok("release", "apply", "dev")
    assert "lab-dev: going on with the apply of " in resumed
    for name in ("staging", "prod"):
        promote(chain, first, name)
        assert f"{name}: {first} is applied and verified" in chain.ok("release", "apply", name)
    rows = {row["environment"]: row for row in status(chain)}
    assert {row["running"] for row in rows.values()} == {first}
    assert {row["verified"] for row in rows.values()} == {"yes"}
    assert [row["distance"]["lag"] for row in rows.values()] == ["in sync"] * 3
    assert [row["drift"] for row in rows.values()] == ["none"] * 3


def test_two_promotions_at_once_one_wins_and_the_other_is_told(chain: Project, bad: str) -> None:
    promote(chain, bad, "dev")
    chain.ok("release", "apply", "dev")  # dev asks only that somebody listens
    both = [chain.start("release", "promote", bad, "--to", "staging") for _ in range(2)]
    ended = [(process.communicate()[0], process.returncode) for process in both]
    print(*(output for output, _ in ended), sep="\n")
    assert sorted(code for _, code in ended) == [0, 7]
    [told] = [output for output, code in ended if code]
    assert "promotion" in told
    assert "Traceback" not in told
    git(chain, "merge", "--quiet", "promote/staging")


def test_an_update_past_the_log_makes_an_approval_stale_and_is_found(chain: Project, bad: str) -> None:
    with chain.edited(banner, "lab-staging"):
        chain.ok("up", "--stack", "lab-staging", "--yes")
    stale = chain.run("release", "apply", "staging")
    assert stale.code == 41
    assert "lab-staging: its state has changed since" in stale.output
    assert "Traceback" not in stale.output
    audit = chain.run("release", "audit", "staging")
    assert audit.code != 0
    assert "lab-staging" in audit.output
    assert [row["drift"] for row in status(chain)] == ["none", "updated past the log", "none"]
    promote(chain, bad, "staging", "--again")  # the new preview, which sets that back, is approved now


def test_a_release_that_answers_wrongly_is_stopped_in_staging(chain: Project, bad: str) -> None:
    within(chain, "staging", "15s")
    stopped = chain.run("release", "apply", "staging")
    assert stopped.code == 7
    assert "answers without `Shop`" in stopped.output
    refused = chain.run("release", "promote", bad, "--to", "prod")
    assert refused.code == 7
    assert "was not found good in staging" in refused.output
    assert shows(chain, "prod", FIRST)


def test_a_freeze_stops_a_hotfix_until_somebody_says_why_not(chain: Project, bad: str) -> None:
    assert bad
    set_web(chain, GOOD)
    good = cut(chain)
    chain.ok("release", "hotfix", good, "--to", "prod", "--reason", "the page says nonsense")
    git(chain, "merge", "--quiet", "promote/prod")
    chain.ok("release", "freeze", "prod", "--reason", "the fair")
    frozen = chain.run("release", "apply", "prod")
    assert (frozen.code, "freeze: Ann" in frozen.output) == (7, True)
    chain.ok("release", "apply", "prod", "--override", "freeze", "--reason", "the fair needs it")
    assert shows(chain, "prod", GOOD)
    assert "went past freeze" in chain.ok("release", "log", "prod")
    chain.ok("release", "unfreeze", "prod", "--reason", "it is over")
    assert [row["distance"]["lag"] for row in status(chain)][2] == "ahead"


def test_prod_goes_back_and_the_page_tells(chain: Project, first: str) -> None:
    chain.ok("release", "rollback", "prod", "--to", first, "--reason", "the fair is over")
    git(chain, "merge", "--quiet", "promote/prod")
    chain.ok("release", "apply", "prod")
    assert shows(chain, "prod", FIRST)
    chain.ok("release", "verify", "prod")
    chain.ok("release", "status", "--html", "status.html")
    text = (chain.folder / "status.html").read_text()
    assert first in text
    assert "answers without `Shop`" in text
    (chain.folder / "status.html").unlink()
    chain.ok("preview", "--stack", "lab-prod", "--expect-no-changes")


def test_keys_of_one_side_or_another_type_and_an_edited_release_are_told(chain: Project, first: str) -> None:
    with chain.edited(strange, "lab-staging"):
        differing = chain.run("release", "diff", "staging", "prod")
    assert differing.code == 7
    assert re.search(r"only left +services\.web\.env ", differing.output)
    assert re.search(r"type +cluster\.pools\.managers\.memory +\d+ \(number\)", differing.output)
    file = chain.folder / "stacks" / "releases" / f"{first}.yaml"
    text = file.read_text()
    assert FIRST in text
    file.write_text(text.replace(FIRST, GOOD))
    try:
        for command in (("preview", "--stack", "lab-prod"), ("release", "promote", first, "--to", "staging")):
            refused = chain.run(*command)
            assert refused.code != 0
            assert f"{first}.yaml" in refused.output
            assert "bring it back as it was committed" in refused.output
            assert "Traceback" not in refused.output
    finally:
        file.write_text(text)


def git(project: Project, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=project.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def committed(project: Project, message: str, *ignored: str) -> None:
    """Commit everything, and these files that git ignores."""
    git(project, "add", "--all")
    git(project, "add", "--force", *ignored)
    git(project, "commit", "--quiet", "--allow-empty", "--message", message)


def cut(project: Project) -> str:
    return str(data(project.run("release", "cut", "--json"))["id"])


def promote(project: Project, release: str, to: str, *more: str) -> None:
    """Promote by a branch, and merge it as a pull request is."""
    project.ok("release", "promote", release, "--to", to, *more)
    git(project, "merge", "--quiet", f"promote/{to}")


def status(project: Project) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = data(project.run("release", "status", "--json"))["rows"]
    return rows


def data(done: Done) -> Any:
    assert done.code == 0, done.output
    return json.loads(done.output[done.output.index("{") :])


def set_web(project: Project, tag: str) -> None:
    edit(project, "Pulumi.lab-dev.yaml", lambda document: retag(document["config"]["longshore:services"]["web"], tag))


def within(project: Project, name: str, time: str) -> None:
    def change(document: Any) -> None:
        document["environments"][name]["verify"]["within"] = time

    edit(project, "environments.yaml", change)


def retag(service: Any, tag: str) -> None:
    service["image"] = f"{service['image'].rpartition(':')[0]}:{tag}"


def edit(project: Project, name: str, change: Any) -> None:
    """Change a file under stacks/, and commit that."""
    file, yaml = project.folder / "stacks" / name, YAML()
    document = yaml.load(file)
    change(document)
    yaml.dump(document, file)
    committed(project, f"Change {name}", f"stacks/{name}")


def banner(config: dict[str, Any]) -> None:
    config["longshore:services"]["web"]["env"] = {"BANNER": "by hand"}


def interrupt(project: Project, name: str, machine: str) -> None:
    """Begin an apply, and press Ctrl-C once while a machine starts."""
    process = project.start("release", "apply", name)
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.append(process.stdout.read() if process.stdout else ""))
    reader.start()

    def started() -> bool:
        return process.poll() is not None or machine in project.docker("ps", "--format", "{{.Names}}")

    try:
        assert project.until(started, 300)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait()
        reader.join()
    print(*said)
    assert process.returncode == 7, said
    assert "was interrupted" in said[0]
    assert "Traceback" not in said[0]


def shows(project: Project, name: str, version: str) -> bool:
    """Whether an environment's page says in time that it is of a version."""
    nodes = data(project.run("pulumi", "stack", "output", "--json", "--stack", f"lab-{name}"))["cluster"]["nodes"]
    [node] = nodes.values()
    told = f'"version": "{version}"'
    return project.until(lambda: told in page(f"http://{node['address']}:8080/api/state").text, 300)


def publish_bad(project: Project, folder: Path) -> None:
    """Push a web image that runs as well as any, with another page."""
    lab = Folder(project.folder)
    client = docker_engine.client(lab)
    repository = f"127.0.0.1:{registry.local_port(client, lab)}/shop-web"
    (folder / "page.html").write_text("<p>out of order</p>\n")
    (folder / "Dockerfile").write_text(f"FROM {repository}:{GOOD}\nCOPY page.html /app/page.html\n")
    built, _ = client.images.build(path=str(folder), network_mode="none", rm=True, forcerm=True)
    built.tag(repository, BAD)
    assert not [line for line in client.images.push(repository, BAD, stream=True, decode=True) if "error" in line]


def strange(config: dict[str, Any]) -> None:
    config["longshore:services"]["web"]["env"] = {"ONLY": "here"}
    config["longshore:cluster"]["pools"]["managers"]["memory"] = 2 * 1024**3
