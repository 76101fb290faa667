"""Files over one another, services that extend others, and lines that still lead to the right file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.spec.compose.files import chosen, refusal, taken

BASE = """
    services:
      web:
        image: r.test/web:1
        command: [serve, --fast]
        environment: {A: base, B: base}
        ports: ["80:80"]
        volumes: ["data:/data", "logs:/logs"]
        deploy: {replicas: 2, placement: {constraints: [node.role == worker]}}
    """


def test_maps_are_merged_and_scalars_replaced(tmp_path: Path) -> None:
    over = "services: {web: {image: 'r.test/web:2', environment: {B: over, C: over}, deploy: {replicas: 5}}}"
    web = taken(tmp_path, BASE, over).sections["services"]["web"]
    assert web["image"] == "r.test/web:2"
    assert web["env"] == {"A": "base", "B": "over", "C": "over"}
    assert (web["replicas"], web["constraints"]) == (5, ["node.role == worker"])


def test_an_environment_is_merged_whichever_way_it_is_written(tmp_path: Path) -> None:
    over = "services: {web: {environment: ['B=over']}}"
    assert taken(tmp_path, BASE, over).sections["services"]["web"]["env"] == {"A": "base", "B": "over"}


def test_a_command_is_replaced_and_ports_are_added(tmp_path: Path) -> None:
    web = taken(tmp_path, BASE, "services: {web: {command: [run], ports: ['81:81', '80:80']}}").sections["services"][
        "web"
    ]
    assert web["args"] == ["run"]
    assert [port["published"] for port in web["ports"]] == [81, 80]


def test_a_mount_is_replaced_at_its_target(tmp_path: Path) -> None:
    web = taken(tmp_path, BASE, "services: {web: {volumes: ['other:/data']}}").sections["services"]["web"]
    assert {each["target"]: each["source"] for each in web["mounts"]} == {"/logs": "logs", "/data": "other"}


def test_a_problem_is_told_at_the_file_and_line_that_wrote_it(tmp_path: Path) -> None:
    assert refusal(tmp_path, BASE, "services:\n  web:\n    privileged: true\n").startswith("compose.1.yaml:3: ")
    again = "services:\n  web:\n    image: x\n"
    broken = BASE.replace("command", "ipc: host\n        command")
    assert refusal(tmp_path, broken, again).startswith("compose.yaml:5: services.web.ipc")


def test_a_service_extends_one_of_another_file_whose_paths_stay_its_own(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "common.yaml").write_text(
        "services: {app: {image: r.test/app, env_file: app.env, labels: {from: base}, cap_drop: [ALL]}}"
    )
    (tmp_path / "base" / "app.env").write_text("# settings\nLEVEL=info\nexport QUOTED='a b'\n")
    told = """
        services:
          web:
            extends: {file: base/common.yaml, service: app}
            environment: {LEVEL: debug}
        """
    web = taken(tmp_path, told).sections["services"]["web"]
    assert web["env"] == {"LEVEL": "debug", "QUOTED": "a b"}
    assert (web["image"], web["container_labels"], web["cap_drop"]) == ("r.test/app", {"from": "base"}, ["ALL"])


def test_a_service_extends_one_that_extends_another(tmp_path: Path) -> None:
    told = """
        services:
          web: {extends: middle, hostname: w}
          middle: {extends: {service: base}, user: "1"}
          base: {image: r.test/base, user: "0", stop_signal: SIGINT}
        """
    web = taken(tmp_path, told).sections["services"]["web"]
    assert (web["image"], web["user"], web["stop_signal"], web["hostname"]) == ("r.test/base", "1", "SIGINT", "w")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("{web: {extends: web, image: x}}", "extends itself"),
        ("{web: {extends: other, image: x}, other: {extends: web, image: x}}", "extends itself"),
        ("{web: {extends: nobody, image: x}}", "has no service nobody"),
        ("{web: {extends: {file: none.yaml, service: a}}}", "none.yaml: can't be read"),
        ("{web: {image: x, env_file: none.env}}", "none.env can't be read"),
    ],
)
def test_what_leads_nowhere_is_refused(tmp_path: Path, told: str, says: str) -> None:
    assert says in refusal(tmp_path, f"services: {told}\n")


def test_an_environment_file_that_may_be_missing_may_be(tmp_path: Path) -> None:
    told = "services: {web: {image: x, env_file: [{path: none.env, required: false}]}}"
    assert "env" not in taken(tmp_path, told).sections["services"]["web"]


def test_anchors_and_extensions_are_read(tmp_path: Path) -> None:
    told = """
        x-common: &common {user: "1000", init: true}
        services:
          web: {<<: *common, image: r.test/web, x-note: nothing}
        """
    web = taken(tmp_path, told).sections["services"]["web"]
    assert (web["user"], web["init"]) == ("1000", True)


def test_profiles_choose(tmp_path: Path) -> None:
    told = "services: {web: {image: x}, debug: {image: y, profiles: [debug]}, load: {image: z, profiles: [load, all]}}"
    assert set(taken(tmp_path, told).sections["services"]) == {"web"}
    assert set(chosen(tmp_path, ("all",), told).sections["services"]) == {"web", "load"}
    assert set(chosen(tmp_path, ("*",), told).sections["services"]) == {"web", "debug", "load"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- a\n- b\n", "holds no mapping"),
        ("services: [", "is not YAML"),
        ("services: {web: {image: [1]}}\n", "services.web.image"),
        ("services: {web: {image: x, colour: red}}\n", "colour"),
        ("services: {web: {image: x, ports: !reset []}}\n", "!reset is not supported"),
        ("include: [other.yaml]\nservices: {web: {image: x}}\n", "include is not supported"),
    ],
)
def test_a_file_that_is_no_compose_file_is_refused(tmp_path: Path, content: str, says: str) -> None:
    said = refusal(tmp_path, content)
    assert said.startswith("compose.yaml")
    assert says in said
