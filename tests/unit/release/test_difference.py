"""Two environments: what only one has and what is of another type is found; what may differ isn't shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from release.difference import Difference, Kind, differences, matches, told, unexpected
from tests.releases import image
from tests.unit.release.project import Project

LEFT: dict[str, Any] = {
    "release": "releases/a.yaml",
    "cluster": {"pools": {"workers": {"count": 1, "memory": "4 GiB"}}},
    "services": {"web": {"image": "r/web:1", "env": {"MODE": "fast", "API_TOKEN": "canary-1"}}},
    "secrets": {"one": {"secure": "v1:canary-2"}, "both": {"secure": "v1:canary-3"}},
}
RIGHT: dict[str, Any] = {
    "release": "releases/b.yaml",
    "cluster": {"pools": {"workers": {"count": 5, "memory": 4096}}},
    "services": {
        "web": {"image": "r/web:2", "env": {"MODE": "fast", "API_TOKEN": "canary-4", "NEW": "1"}, "ports": [80]}
    },
    "secrets": {"both": {"secure": "v1:canary-5"}},
}


def found(*allowed: str, are_released: bool = False) -> dict[str, Difference]:
    return {each.path: each for each in differences(LEFT, RIGHT, allowed, are_released)}


def test_each_difference_is_of_its_kind() -> None:
    kinds = {path: each.kind for path, each in found().items()}
    assert kinds["services.web.env.NEW"] is Kind.RIGHT
    assert kinds["secrets.one"] is Kind.LEFT
    assert kinds["cluster.pools.workers.memory"] is Kind.TYPE
    assert kinds["cluster.pools.workers.count"] is Kind.VALUE
    assert "secrets.both" not in kinds
    assert "release" not in kinds
    assert list(kinds.values()) == sorted(kinds.values(), key=list(Kind).index)


def test_nothing_of_a_secret_is_told() -> None:
    assert "canary" not in json.dumps([each.model_dump(mode="json") for each in found().values()])


def test_what_is_allowed_to_differ_is_hidden_but_a_type_never_is() -> None:
    some = found("cluster.pools.*", "services.web.env.NEW")
    assert some["cluster.pools.workers.count"].is_expected
    assert some["services.web.env.NEW"].is_expected
    assert not some["cluster.pools.workers.memory"].is_expected
    shown = [each.path for each in unexpected(tuple(some.values()))]
    assert "cluster.pools.workers.count" not in shown
    assert "cluster.pools.workers.memory" in shown


def test_images_are_the_releases_where_both_have_one() -> None:
    assert "services.web.image" in found()
    assert "services.web.image" not in found(are_released=True)


def test_both_sides_are_told_with_their_type_where_that_differs() -> None:
    assert told(found()["cluster.pools.workers.memory"]) == ("4 GiB (text)", "4096 (number)")
    assert told(found()["services.web.env.NEW"]) == ("", "1")
    assert told(Difference(path="x", kind=Kind.LEFT, left={"a": 1, "b": 2})) == ("{a, b}", "")


@pytest.mark.parametrize(
    ("path", "pattern", "is_met"),
    [
        ("cluster.pools.workers.count", "cluster", True),
        ("cluster.pools.workers.count", "cluster.pools.*.count", True),
        ("cluster.pools.workers.count", "cluster.pools.*.cpus", False),
        ("cluster", "cluster.pools", False),
        ('services.web.env["a.b"]', "services.*.env", True),
        ("services.web.ports[80].published", "services.*.ports", True),
        ("clusters", "cluster", False),
    ],
)
def test_a_pattern_means_a_key_and_all_below(path: str, pattern: str, is_met: bool) -> None:
    assert matches(path, pattern) is is_met


def test_two_environments_by_command(project: Project) -> None:
    project.stack("staging", {"services.web.env": {"ONLY_HERE": "1"}, "services.web.replicas": 1})
    project.write(
        "stacks/environments.yaml",
        (project.root / "stacks/environments.yaml").read_text().replace(
            "stacks: [prod]", 'stacks: [prod]\n    differs: ["services.*.replicas"]'
        ),
    )  # fmt: skip
    done = project.run("diff", "staging", "prod")
    assert done.exit_code == 7
    assert "only left" in done.stdout
    assert "services.web.env" in done.stdout
    assert "services.web.replicas" not in done.stdout
    assert "1 unexpected, 1 expected and hidden" in done.stdout
    assert "value (expected)" in project.run("diff", "staging", "prod", "--all").stdout
    [pair] = json.loads(project.run("diff", "staging", "prod", "--json").stdout)
    assert [each["path"] for each in pair["keys"]] == ["services.web.env", "services.web.replicas"]
    same = project.run("diff", "dev", "prod")
    assert (same.exit_code, "differ in 0 keys" in same.stdout) == (0, True)


def test_environments_with_releases_are_told_apart_by_them(project: Project) -> None:
    old, new = project.released(), project.released(images={"web": image("b", "2.0")})
    project.stack("staging", {"release": new.file, "services.web.image": "other.test/web:9"})
    project.stack("prod", {"release": old.file})
    done = project.run("diff", "staging", "prod")
    assert done.exit_code == 0
    assert new.id in done.stdout
    assert "image web" in done.stdout
    assert "other.test" not in done.stdout


def test_two_releases_by_command(project: Project) -> None:
    old = project.released()
    project.write("__main__.py", "# new\n")
    project.git("add", "-A")
    project.git("commit", "--quiet", "-m", "A better program")
    new = project.released(images={"web": image("b", "2.0"), "worker": image("c", repository="r/worker")})
    lines = project.run("diff", old.id, new.id).stdout.splitlines()
    assert lines[0] == "image web: :1.0@aaaaaaaa -> :2.0@bbbbbbbb"
    assert lines[1] == "image worker: - -> r/worker:1.0@cccccccc"
    assert lines[2].startswith(f"program: {old.commit[:12]} -> ")
    assert "  A better program" in lines
    data = json.loads(project.run("diff", old.id, new.id, "--json").stdout)
    assert data["steps"][0] == {"what": "image web", "before": ":1.0@aaaaaaaa", "after": ":2.0@bbbbbbbb"}
    assert "is an environment, and" in project.refused("diff", old.id, "prod")
