"""Which service an image is for, how it is called, and the stack file that holds it for a while or for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from images.pushed import Place, chosen, place, tag_of
from spec.errors import SpecError
from tests.unit.upkeep.stacks import TEXT

DIGEST = f"sha256:{'a' * 64}"
SERVICES = f"""\
  longshore:services:
    web: {{image: "r.test:5000/shop/web:1.0", replicas: 2}}  # the page
    worker:
      image: r.test:5000/shop/worker@{DIGEST}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stacks" / "Pulumi.dev.yaml"
    path.parent.mkdir()
    path.write_text(TEXT + SERVICES)
    return path


@pytest.mark.parametrize(
    ("service", "folder", "found"), [("worker", "web", "worker"), (None, "web", "web"), ("web", "x", "web")]
)
def test_the_service_is_the_one_named_or_the_folders(service: str | None, folder: str, found: str) -> None:
    assert chosen(service, folder, {"web": "", "worker": ""}, "here") == found


def test_the_only_service_needs_no_name() -> None:
    assert chosen(None, "src", {"web": ""}, "here") == "web"


@pytest.mark.parametrize(
    ("service", "services", "said"),
    [("wbe", {"web": ""}, "has no `wbe`\n  -> there are: web"), (None, {}, "there are: none"),
     (None, {"a": "", "b": ""}, "which one is built from `src`")],
)  # fmt: skip
def test_what_is_not_clear_is_asked_back(service: str | None, services: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError) as caught:
        chosen(service, "src", services, "here")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("image", "repository"),
    [("r.test:5000/shop/web:1.0", "r.test:5000/shop/web"), (f"r.test:5000/web@{DIGEST}", "r.test:5000/web"),
     (f"web:1@{DIGEST}", "web"), ("r.test:5000/web", "r.test:5000/web")],
)  # fmt: skip
def test_an_image_goes_where_the_present_one_is_from(image: str, repository: str) -> None:
    goal = Place(Path("f"), "web", image)
    assert goal.repository == repository
    assert goal.reference("sha256:0123456789abcdef", DIGEST) == f"{repository}:push-0123456789ab@{DIGEST}"


def test_the_tag_tells_the_content() -> None:
    assert tag_of("sha256:0123456789abcdef") == tag_of("0123456789ab") == "push-0123456789ab"


def test_a_place_is_found_in_the_stack_file(file: Path) -> None:
    assert place(file, None, "web") == Place(file, "web", "r.test:5000/shop/web:1.0")


def test_a_service_of_a_compose_file_is_not_written(file: Path) -> None:
    (file.parent.parent / "compose.yaml").write_text("services: {api: {image: 'r.test/api:1'}}\n")
    file.write_text(TEXT + SERVICES + "  longshore:compose: {files: [compose.yaml]}\n")
    with pytest.raises(SpecError, match=r"services\.api: comes from a compose file"):
        place(file, "api", "src")


def interrupted(goal: Place) -> None:
    with goal.holding("r.test/web:new"):
        assert place(goal.file, "web", "src").image == "r.test/web:new"
        raise KeyboardInterrupt


def test_the_file_holds_the_image_and_is_put_back_unless_it_is_kept(file: Path) -> None:
    before, goal = file.read_text(), place(file, "web", "src")
    with pytest.raises(KeyboardInterrupt):
        interrupted(goal)
    assert file.read_text() == before
    with goal.holding("r.test/web:new") as change:
        change.keep()
    after = file.read_text()
    assert place(file, "web", "src").image == "r.test/web:new"
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        line for line in after.splitlines() if "r.test/web:new" in line and "# the page" in line
    ]


def test_what_somebody_else_writes_meanwhile_is_not_lost(file: Path) -> None:
    goal = place(file, "web", "src")
    with goal.holding("r.test/web:new"):
        file.write_text(file.read_text().replace("replicas: 2", "replicas: 3"))
    text = file.read_text()
    assert "replicas: 3" in text
    assert place(file, "web", "src").image == goal.image
