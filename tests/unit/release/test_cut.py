"""A release is what the registry says now, of a program that is committed."""

from __future__ import annotations

import json

from spec import release_file
from tests.unit.images.server import Held, registry
from tests.unit.release.project import Project


def serve(project: Project, held: Held, image: str = "web:1.0", **more: str) -> None:
    images = {f"services.{name}.image": f"{held.host}/{each}" for name, each in {"web": image, **more}.items()}
    project.stack("dev", images)
    project.commit()


def test_a_tag_is_the_digest_of_the_index_for_all_platforms(project: Project) -> None:
    with registry() as held:
        amd, arm = held.image("web", [b"amd"]), held.image("web", [b"arm"])
        index = held.index("web", {"linux/amd64": amd, "linux/arm64": arm}, "1.0")
        serve(project, held)
        head = project.git("rev-parse", "HEAD")
        made = json.loads(project.run("cut", "--json").stdout)
    assert made["images"]["web"] == {"repository": f"{held.host}/web", "tag": "1.0", "digest": index}
    assert (made["commit"], made["stack"], made["by"]) == (head, "dev", "Ann")
    assert {"pulumi", "longshore"} <= made["providers"].keys()
    file = project.root / "stacks" / "releases" / f"{made['id']}.yaml"
    assert release_file.read(file).hash == made["hash"]


def test_it_is_one_commit_with_one_file(project: Project) -> None:
    with registry() as held:
        held.image("web", [b"x"], "1.0")
        serve(project, held)
        project.write("stacks/notes.txt", "not this")
        done = project.run("cut")
    assert done.exit_code == 0, done.exception
    shown = project.git("show", "--name-only", "--format=%s").split()
    assert shown[0] == "Release"
    assert shown[2] == f"stacks/releases/{shown[1]}.yaml"
    assert len(shown) == 3


def test_a_second_one_tells_what_came_since_the_first_and_counts_on(project: Project) -> None:
    with registry() as held:
        held.image("web", [b"x"], "1.0")
        serve(project, held)
        first = json.loads(project.run("cut", "--json").stdout)
        project.write("__main__.py", "# new\n")
        project.git("commit", "--quiet", "-am", "A better program")
        held.image("web", [b"y"], "1.0")
        second = json.loads(project.run("cut", "--json").stdout)
    assert second["changelog"][0] == "A better program"
    assert "a commit" not in second["changelog"]
    assert second["images"]["web"]["digest"] != first["images"]["web"]["digest"]
    assert second["id"].split("-")[1] == "2"


def test_every_image_that_can_not_be_in_a_release_is_told_at_once(project: Project) -> None:
    with registry() as held:
        held.image("web", [b"x"], "latest")
        project.stack("dev", {"services.web.image": f"{held.host}/web:latest"})
        dump = (project.root / "stacks" / "Pulumi.dev.yaml").read_text()
        more = f"    other:\n      image: {held.host}/web\n    gone:\n      image: {held.host}/web:2.0\n"
        project.write("stacks/Pulumi.dev.yaml", dump.rstrip("\n") + "\n" + more)
        project.commit()
        said = project.refused("cut")
    assert f"services.web.image: {held.host}/web:latest: `latest` means another image every day" in said
    assert f"services.other.image: {held.host}/web has no tag, which means `latest`" in said
    assert f"services.gone.image: image {held.host}/web:2.0: registry {held.host} has no such image" in said
    assert not (project.root / "stacks" / "releases").exists()


def test_one_reference_is_asked_for_once(project: Project) -> None:
    with registry() as held:
        held.image("web", [b"x"], "1.0")
        project.stack("dev", {"services.web.image": f"{held.host}/web:1.0"})
        dump = (project.root / "stacks" / "Pulumi.dev.yaml").read_text()
        project.write("stacks/Pulumi.dev.yaml", f"{dump.rstrip()}\n    twin:\n      image: {held.host}/web:1.0\n")
        project.commit()
        done = project.run("cut")
        assert done.exit_code == 0, done.exception
        assert held.count("HEAD") == 1


def test_an_image_can_be_given_beside_the_stack_file(project: Project) -> None:
    with registry() as held:
        digest = held.image("web", [b"x"], "7")
        made = json.loads(project.run("cut", "--json", "--image", f"web={held.host}/web:7").stdout)
    assert made["images"]["web"]["digest"] == digest
    assert "names no service" in project.refused("cut", "--image", "wep=x:1")
    assert "names no service" in project.refused("cut", "--image", "web")


def test_a_digest_in_the_stack_file_has_to_be_there(project: Project) -> None:
    with registry() as held:
        digest = held.image("web", [b"x"], "1.0")
        serve(project, held, f"web@{digest}")
        made = json.loads(project.run("cut", "--json").stdout)
        assert made["images"]["web"] == {"repository": f"{held.host}/web", "tag": None, "digest": digest}
        serve(project, held, f"web@sha256:{'0' * 64}")
        assert "has no such image" in project.refused("cut")


def test_a_stack_that_has_a_release_is_cut_by_its_own_images(project: Project) -> None:
    with registry() as held:
        digest = held.image("web", [b"x"], "1.0")
        project.stack("dev", {"services.web.image": f"{held.host}/web:1.0", "release": project.released().file})
        project.commit()
        made = json.loads(project.run("cut", "--json").stdout)
    assert made["images"]["web"]["digest"] == digest


def test_a_program_that_is_not_committed_is_no_release(project: Project) -> None:
    project.write("__main__.py", "changed")
    assert "__main__.py: not committed" in project.refused("cut")
    project.git("checkout", "--quiet", "__main__.py")
    project.write("status.html", "a report")
    project.write("spec/new.py", "")
    assert "spec/new.py: not committed" in project.refused("cut")


def test_the_versions_of_policy_packs_are_told(project: Project) -> None:
    project.write("policy/PulumiPolicy.yaml", "version: 7.1\n")
    project.write(".review.yaml", "policy_packs: [policy]\n")
    with registry() as held:
        held.image("web", [b"x"], "1.0")
        serve(project, held)
        assert json.loads(project.run("cut", "--json").stdout)["policies"] == {"policy": "7.1"}
        project.write(".review.yaml", "policy_packs: [stacks]\n")
        project.commit()
        assert "stacks is no policy pack" in project.refused("cut")


def test_without_a_name_nothing_is_written(project: Project) -> None:
    project.git("config", "--unset", "user.name")
    with registry() as held:
        held.image("web", [b"x"], "1.0")
        serve(project, held)
        project.git("config", "--unset-all", "user.email")
        assert "doesn't know who you are" in project.refused("cut")
    assert not (project.root / "stacks" / "releases").exists()
