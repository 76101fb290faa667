from __future__ import annotations

from pathlib import Path

from lab.mounts import below

MOUNTS = r"""/dev/vda / ext4 rw 0 0
nsfs /run/longshore-1/docker/netns/a nsfs rw 0 0
tmpfs /run/longshore-1 tmpfs rw 0 0
tmpfs /run/longshore-12 tmpfs rw 0 0
overlay /my\040lab/merged overlay rw 0 0
"""


def test_the_innermost_comes_first_and_neighbours_are_left_alone() -> None:
    assert below(Path("/run/longshore-1"), MOUNTS) == ["/run/longshore-1/docker/netns/a", "/run/longshore-1"]


def test_spaces_are_read_as_the_kernel_writes_them() -> None:
    assert below(Path("/my lab"), MOUNTS) == ["/my lab/merged"]


def test_nothing_is_mounted_under_a_folder_of_no_one() -> None:
    assert below(Path("/nowhere"), MOUNTS) == []
