"""The tokens that the built OpenStack plugin serves are Pulumi's own, and enough for the components."""

from __future__ import annotations

import ast
import re
from importlib.util import find_spec
from pathlib import Path

from lab.toolchain.component import OPENSTACK
from tests.conftest import ROOT

PLACE = re.compile(r'"(openstack_\w+)":\s+\{"(\w+)", "(\w+)"\}')
MODULES = {"blockstorage", "compute", "identity", "images", "loadbalancer", "networking"}


def served() -> set[str]:
    """Return the tokens that names.go makes, by its own rule."""
    text = (OPENSTACK.source / "names.go").read_text()
    return {f"openstack:{module}/{name[0].lower()}{name[1:]}:{name}" for _, module, name in PLACE.findall(text)}


def known() -> set[str]:
    """Return the tokens in Pulumi's Python SDK, which were made from the official plugin's schema."""
    found = find_spec("pulumi_openstack")
    assert found is not None
    assert found.origin is not None
    texts = (path.read_text() for path in Path(found.origin).parent.rglob("*.py"))
    return {token for text in texts for token in re.findall(r"openstack:\w+/\w+:\w+", text)}


def used() -> set[str]:
    """Return the tokens of all that the OpenStack target makes or looks up."""
    tree = ast.parse((ROOT / "components" / "targets" / "openstack.py").read_text())
    members = {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in MODULES
    }
    return {token(module, name) for module, name in members}


def token(module: str, name: str) -> str:
    first, *rest = name.split("_")
    camel = first + "".join(part.title() for part in rest)
    return f"openstack:{module}/{camel[0].lower()}{camel[1:]}:{camel}"


def test_every_token_is_one_of_pulumis_own() -> None:
    assert served()
    assert served() - known() == set()


def test_all_that_the_target_needs_is_served() -> None:
    assert {"openstack:compute/instance:Instance", "openstack:networking/getNetwork:getNetwork"} <= used()
    assert used() - served() == set()


def test_a_resource_and_its_look_up_have_one_place_each() -> None:
    text = (OPENSTACK.source / "names.go").read_text()
    places = [(module, name) for _, module, name in PLACE.findall(text)]
    assert len(places) == len(set(places)) == text.count('"openstack_')
