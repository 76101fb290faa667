from __future__ import annotations

import json

from lab.folder import Folder
from lab.openstack import keys


def test_passwords_are_made_once_and_private(folder: Folder) -> None:
    made = keys.ensure(folder, "10.77.0.3")
    first = [made.password(who) for who in keys.WHO]
    again = keys.ensure(folder, "10.77.0.3")
    assert [again.password(who) for who in keys.WHO] == first
    assert len(set(first)) == 2
    assert made.place.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in made.place.iterdir()} == {0o600}


def test_clients_find_the_cloud_and_its_user_in_a_private_file(folder: Folder) -> None:
    made = keys.ensure(folder, "10.77.0.3")
    assert made.clouds.stat().st_mode & 0o777 == 0o600
    cloud = json.loads(made.clouds.read_text())["clouds"]["lab"]
    assert cloud["auth"]["auth_url"] == "http://10.77.0.3:5000/v3"
    assert (cloud["auth"]["username"], cloud["auth"]["password"]) == ("longshore", made.password("user"))
    assert made.password("admin") not in made.clouds.read_text()


def test_another_address_is_written_down(folder: Folder) -> None:
    keys.ensure(folder, "10.77.0.3")
    assert "http://10.78.0.3:5000" in keys.ensure(folder, "10.78.0.3").clouds.read_text()
