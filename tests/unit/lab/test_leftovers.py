"""What a crash or a strange machine leaves, and that the lab's own clean-up copes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab import base_image, command, firewall, mounts, stack, stack_file
from lab.firewall import removals
from lab.folder import Folder
from spec.errors import LabError
from tests.unit.lab.test_stack_file import values

CHAINS = st.sampled_from(["DOCKER", "DOCKER-USER", "DOCKER-ISOLATION-STAGE-1", "MINE", "FORWARD", "INPUT"])
RULES = st.lists(
    st.one_of(
        CHAINS.map(lambda chain: f"-N {chain}"),
        st.tuples(CHAINS, CHAINS).map(lambda pair: f"-A {pair[0]} -j {pair[1]}"),
        st.just("-P FORWARD ACCEPT"),
        st.just("-A FORWARD -i eth0 -j ACCEPT"),
    ),
    max_size=12,
    unique=True,
)


def apply(changes: list[list[str]], rules: list[str]) -> list[str]:
    """What iptables makes of the changes; it refuses to remove a chain that is in use or not empty."""
    left = list(rules)
    for verb, *words in changes:
        if verb == "-D":
            left.remove(f"-A {' '.join(words)}")
        elif verb == "-F":
            left = [rule for rule in left if not rule.startswith(f"-A {words[0]} ")]
        else:
            assert not [rule for rule in left if rule.startswith("-A") and words[0] in rule.split()[1:]]
            left.remove(f"-N {words[0]}")
    return left


@given(RULES)
def test_no_chain_of_dockers_is_left_and_nothing_else_is_touched(rules: list[str]) -> None:
    declared = {rule.split()[1] for rule in rules if rule.startswith("-N")}
    known = [rule for rule in rules if not rule.startswith("-A") or _leads_somewhere(rule, declared)]
    dockers = {chain for chain in declared if chain.startswith("DOCKER")}
    left = apply(removals(known), known)
    assert left == [rule for rule in known if not dockers & set(rule.split())]


def _leads_somewhere(rule: str, declared: set[str]) -> bool:
    chains = {word for word in rule.split() if word.isupper() and word not in ("ACCEPT", "FORWARD", "INPUT")}
    return chains <= declared


def test_a_process_that_ends_while_it_is_looked_at_is_no_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firewall, "_process_names", lambda: [tmp_path / "gone", tmp_path])
    with pytest.raises(IsADirectoryError):
        firewall.other_engine()
    monkeypatch.setattr(firewall, "_process_names", lambda: [tmp_path / "gone"])
    assert not firewall.other_engine()


def test_this_machines_processes_have_names() -> None:
    assert any(path.read_text().strip() for path in firewall._process_names()[:1])


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/home/jörg/lab", "/home/jörg/lab"),
        (r"/my\040lab", "/my lab"),
        (r"/a\011b\134c", "/a\tb\\c"),
        ("/x/日本", "/x/日本"),
    ],
)
def test_mount_points_are_read_in_any_language(written: str, path: str) -> None:
    assert mounts.below(Path(path), f"overlay {written} overlay rw 0 0\noverlay /else overlay rw 0 0\n") == [path]


def test_everything_mounted_below_is_unmounted_innermost_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        "tmpfs /x tmpfs rw 0 0\nnsfs /x/y/z nsfs rw 0 0\ntmpfs /x/y tmpfs rw 0 0\ntmpfs /xy tmpfs rw 0 0\n"
    )
    done: list[list[str]] = []
    monkeypatch.setattr(mounts, "MOUNTS", table)
    monkeypatch.setattr(mounts, "run", lambda line, fix: done.append([*line, fix]))
    mounts.unmount_below(Path("/x"))
    assert [line[1] for line in done] == ["/x/y/z", "/x/y", "/x"]
    assert done[0][2] == "see what uses /x/y/z"


@pytest.mark.parametrize("salt", ["", "v1", "v1:a:v1:b", "v1:!:v1:!:!", "v1:AAAA:v1:AAAA:AAAA", "a:b:c:d:e:f", "é"])
def test_a_damaged_salt_fits_no_passphrase_and_is_no_traceback(salt: str) -> None:
    assert stack.opens(salt, "any") is False


def test_a_stack_file_with_a_damaged_salt_is_told_with_a_way_out(tmp_path: Path) -> None:
    file, passphrase = tmp_path / "Pulumi.lab.yaml", tmp_path / "passphrase"
    passphrase.write_text("p")
    file.write_text("encryptionsalt: hand-made\n")
    with pytest.raises(LabError, match=r"a passphrase that is gone(.|\n)*remove .*Pulumi.lab.yaml"):
        stack.check_seal(file, passphrase)


@pytest.mark.parametrize("config", ["[]", "mine", "5", "{longshore:services: [web]}", "{longshore:services: {web: 1}}"])
def test_a_stack_file_of_another_shape_is_left_alone(config: str) -> None:
    text = f"config: {config}\n"
    fresh = values()
    assert stack_file.renewed(text, stack_file.render(fresh), fresh["images"]) == text


EDITS = st.lists(
    st.sampled_from(
        [("count: 2", "count: 9"), ("shop: {}", "shop: {encrypted: true}"), ("  longshore:configs:", "  mine:configs:"),
         ("      workers:", "      gpu:"), ("    name: lab", "    name: mine"), ("replicas: 2", "replicas: 5  # more")]
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=12)
@given(EDITS, st.integers(78, 99))
def test_renewing_twice_is_renewing_once(edits: list[tuple[str, str]], second: int) -> None:
    text = stack_file.render(values())
    for old, new in edits:
        text = text.replace(old, new)
    fresh = values(second=second)
    once = stack_file.renewed(text, stack_file.render(fresh), fresh["images"])
    assert stack_file.renewed(once, stack_file.render(fresh), fresh["images"]) == once
    renamed = any("gpu" in new for _, new in edits)
    assert ("10.77." in once) is renamed


def test_output_in_no_encoding_at_all_is_shown_as_far_as_it_goes(lines: list[str]) -> None:
    assert command.run(["printf", r"caf\351\n"]) == "caf\ufffd\n"
    command.follow(["printf", r"\377one\n"], lines.append)
    assert lines == ["\ufffdone"]
    with pytest.raises(LabError, match="exit code 1: \ufffd"):
        command.run(["sh", "-c", r"printf '\351' >&2; exit 1"])


class Tagged:
    """An engine's images; some with several names, some with none."""

    def __init__(self, *tags: list[str]) -> None:
        self.images = self
        self.tags = list(tags)
        self.removed: list[str] = []

    def list(self) -> list[Any]:
        return [type("Image", (), {"tags": tags}) for tags in self.tags]

    def remove(self, tag: str, force: bool) -> None:
        assert force
        self.removed.append(tag)


def test_only_this_labs_images_are_removed(folder: Folder) -> None:
    engine: Any = Tagged(["nginx:1"], [f"{folder.name}/node:1", "keep/node:1"], [], [f"{folder.name}-2/node:1"])
    base_image.remove_all(engine, folder)
    assert engine.removed == [f"{folder.name}/node:1"]
