"""The lab's OpenStack as its own API shows it, and a stack of machines in it."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Callable
from typing import Any

import requests
from ruamel.yaml import YAML

from tests.live.project import Done, Project

PROGRAM = "tests/live/machines"
STACK = "cloud"
NETWORK = {"name": "machines", "cidr": "192.168.77.0/24"}
MANAGER, WORKER = "cloud-managers-1", "cloud-workers-1"
VALUES: dict[str, Any] = {
    "engine": {"ssh": {"authorized_keys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEOfALiveTest test"]}},
    "cluster": {
        "name": "cloud",
        "pools": {
            "managers": {
                "role": "manager", "count": 1, "cpus": 2, "memory": "4 GiB", "first_address": "192.168.77.11",
                "anti_affinity": "hosts",
            },
            "workers": {
                "role": "worker", "count": 1, "cpus": 4, "memory": "8 GiB", "first_address": "192.168.77.21",
                "data_disk": {"size": "10 GiB", "protect": False},
            },
        },
    },
}  # fmt: skip


class Cloud:
    """Asks the services as one user of the cloud."""

    def __init__(self, project: Project, who: str) -> None:
        own = json.loads((project.folder / ".lab" / "clouds.yaml").read_text())["clouds"]["lab"]["auth"]
        password = (project.folder / ".lab" / "openstack" / f"{who}-password").read_text()
        user, scope = (own["username"], own["project_name"]) if who == "user" else ("admin", "admin")
        domain = {"name": own["user_domain_name"]}
        identity = {
            "methods": ["password"],
            "password": {"user": {"name": user, "domain": domain, "password": password}},
        }
        body = {"auth": {"identity": identity, "scope": {"project": {"name": scope, "domain": domain}}}}
        answer = requests.post(f"{own['auth_url']}/auth/tokens", json=body, timeout=120)
        answer.raise_for_status()
        self.headers = {"X-Auth-Token": answer.headers["X-Subject-Token"], "X-OpenStack-Nova-API-Version": "2.3"}
        catalog = answer.json()["token"]["catalog"]
        self.places = {each["type"]: each["endpoints"][0]["url"] for each in catalog}

    def get(self, service: str, path: str) -> Any:
        """Return what is there: the one thing inside the answer."""
        answer = requests.get(f"{self.places[service]}/{path}", headers=self.headers, timeout=120)
        answer.raise_for_status()
        return next(value for key, value in answer.json().items() if not key.endswith("_links"))

    def named(self, service: str, path: str) -> dict[str, Any]:
        """Return a list by its members' names."""
        return {each["name"]: each for each in self.get(service, path)}


class Machines:
    """A stack of machines only, in a program of its own."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.environment = project.environment()
        self.file = project.folder / PROGRAM / f"Pulumi.{STACK}.yaml"

    def make(self) -> None:
        """Make the stack, its password encrypted."""
        auth = json.loads((self.project.folder / ".lab" / "clouds.yaml").read_text())["clouds"]["lab"]["auth"]
        self.ok("stack", "init", STACK)
        target = {
            "kind": "openstack", "auth_url": auth["auth_url"], "region": "RegionOne", "project": auth["project_name"],
            "user": auth["username"], "image": "debian-12", "network": NETWORK,
        }  # fmt: skip
        self.change(lambda config: config.update({f"longshore:{key}": each for key, each in VALUES.items()}))
        self.change(lambda config: config.update({"longshore:target": target}))
        secret = ("config", "set", "--secret", "--path", "longshore:target.password")
        self.ok(*secret, "--stack", STACK, stdin=auth["password"])

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the stack's file for good."""
        yaml = YAML()
        content = yaml.load(self.file.read_text())
        change(content.setdefault("config", {}))
        with self.file.open("w") as stream:
            yaml.dump(content, stream)

    def run(self, *arguments: str, stdin: str = "") -> Done:
        command = ["pulumi", *arguments, "--non-interactive", "--cwd", str(self.project.folder / PROGRAM)]
        done = subprocess.run(
            command, env=self.environment, input=stdin, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        print(f"$ {' '.join(command)}\n{done.stdout}")
        return Done(done.returncode, done.stdout)

    def ok(self, *arguments: str, stdin: str = "") -> str:
        """Run Pulumi; when it fails, say what the cloud's services said."""
        done = self.run(*arguments, stdin=stdin)
        if done.code:
            raise AssertionError(f"{done.output}\n{self.project.run('lab', 'logs', 'openstack').output}")
        return done.output

    def remove(self) -> None:
        """Destroy and forget the stack; what is left of it goes with the cloud."""
        self.run("destroy", "--yes", "--stack", STACK)
        self.run("stack", "rm", "--yes", "--force", "--stack", STACK)


def user_data(server: dict[str, Any]) -> dict[str, Any]:
    """Return the cloud-config that a server's user data holds."""
    packed = base64.b64decode(server["OS-EXT-SRV-ATTR:user_data"])
    # The API carries base64; what is in it is the text as the guest gets it, which is gzip in base64 or gzip itself.
    text = gzip.decompress(packed if packed[:2] == b"\x1f\x8b" else base64.b64decode(packed)).decode()
    assert text.startswith("#cloud-config\n")
    loaded: dict[str, Any] = YAML(typ="safe").load(text)
    return loaded


def leftovers(cloud: Cloud) -> dict[str, list[str]]:
    """Return the names of everything that the project has, by kind."""
    kinds = {
        "servers": ("compute", "servers"), "groups": ("compute", "os-server-groups"),
        "ports": ("network", "v2.0/ports"), "security groups": ("network", "v2.0/security-groups"),
        "volumes": ("volumev3", "volumes"),
    }  # fmt: skip
    return {kind: sorted(cloud.named(*where)) for kind, where in kinds.items()}
