"""What a release asks of Pulumi's state, kept in PostgreSQL instead of files. Needs no lab."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import pulumi
from lab import apt
from lab.progress import quiet
from lab.toolchain import resolve
from release.state import fingerprint
from review.preview import Place, preview
from review.redact import Redactor
from tests.conftest import ROOT

PASSWORD = "canary-of-a-database"
USER = "postgres"
"""PostgreSQL refuses to run as root."""
PROJECT = f"{{name: shop, runtime: {{name: python, options: {{virtualenv: {ROOT}/.venv}}}}}}\n"


@pytest.fixture(scope="module")
def backend() -> Iterator[str]:
    """A database of its own, on a port of its own."""
    apt.ensure({"pg_lsclusters": "postgresql"}, "the backend's test", quiet)
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="longshore-postgres-"))
    (folder / "password").write_text(PASSWORD)
    for each in (folder, folder / "password"):
        shutil.chown(each, USER, USER)
    data, port = str(folder / "data"), free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        run(
            programs / "initdb", "-D", data, "-U", "shop", "-A", "scram-sha-256", "--no-sync",
            "--pwfile", str(folder / "password"),
        )  # fmt: skip
        run(programs / "pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "-t", "120", "start")
        yield f"postgres://shop:{PASSWORD}@127.0.0.1:{port}/postgres?sslmode=disable"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "-t", "120", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def project(backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with one output, its stack in the database."""
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    write(tmp_path, "one")
    paths = [str(each) for each in resolve(quiet).bin_dirs]
    monkeypatch.setenv("PATH", os.pathsep.join([*paths, os.environ["PATH"]]))
    monkeypatch.setenv("PULUMI_BACKEND_URL", backend)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "x")
    monkeypatch.setattr(pulumi, "ROOT", tmp_path)
    monkeypatch.setattr(pulumi, "owns", lambda _stack: False)
    assert pulumi.run(None, ["stack", "init", "prod", "--non-interactive"]) == 0
    return tmp_path


def test_states_history_tags_and_previews_are_those_of_any_backend(project: Path) -> None:
    before = fingerprint(pulumi.deployment("prod"))
    assert (before, pulumi.last_update("prod")) == (fingerprint({}), "")
    up("release 1")
    first, ended = fingerprint(pulumi.deployment("prod")), pulumi.last_update("prod")
    assert first != before
    assert ended.isdigit()
    up("release 1 again")
    assert fingerprint(pulumi.deployment("prod")) == first
    assert int(pulumi.last_update("prod")) >= int(ended)
    pulumi.tag("prod", "release", "1")
    assert fingerprint(pulumi.deployment("prod")) == first
    write(project, "two")
    model = preview("prod", Place(project, pulumi.environment_of("prod"))).model(Redactor())
    assert [change.after for change in model.outputs] == ["two"]
    assert PASSWORD not in model.model_dump_json()


def write(folder: Path, value: str) -> None:
    (folder / "__main__.py").write_text(f"import pulumi\npulumi.export('page', {value!r})\n")


def up(message: str) -> None:
    arguments = ["up", "--stack", "prod", "--yes", "--skip-preview", "--non-interactive", "--message", message]
    assert pulumi.run("prod", arguments) == 0


def run(program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. No pipe: the server that one of them leaves behind would keep it open."""
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [str(program), *arguments], user=USER, group=USER, cwd="/", stdin=subprocess.DEVNULL,
            stdout=said, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        said.seek(0)
        assert done.returncode == 0, said.read()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        number: int = found.getsockname()[1]
        return number
