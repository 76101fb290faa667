"""The sample application as an ordinary compose file, instead of inline: nothing would change."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from tests.live.project import Project

DIGESTS = "examples/shop/compose.digests.yaml"


def test_a_compose_file_in_place_of_inline_services_changes_nothing(running: Project) -> None:
    """The compose file names images by tag; a second one pins them, as compose files are merged."""
    file = running.folder / DIGESTS

    def change(config: dict[str, Any]) -> None:
        services = {name: {"image": each["image"]} for name, each in config.pop("longshore:services").items()}
        with file.open("w") as stream:
            YAML().dump({"services": services}, stream)
        del config["longshore:networks"], config["longshore:configs"]
        registry = services["web"]["image"].partition("/")[0]
        config["longshore:compose"] = {
            "files": ["examples/shop/compose.yaml", DIGESTS], "variables": {"REGISTRY": registry},
        }  # fmt: skip

    try:
        with running.edited(change):
            assert "3 services" in running.ok("check", "lab")
            assert running.steps() == []
    finally:
        file.unlink(missing_ok=True)
