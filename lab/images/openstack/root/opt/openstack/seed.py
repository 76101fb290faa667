"""What a cloud's operator would have made: a project with a user, flavors, an image and a network."""

import json
import time
from urllib.request import Request, urlopen

FLAVORS = {"small": (2, 4096), "medium": (4, 8192), "large": (8, 16384)}
"""vCPUs and MiB by name; each has a disk of 20 GiB."""

PROJECT = USER = "longshore"
NETWORK = ("machines", "192.168.77.0/24")
IMAGE = "debian-12"


class Cloud:
    """Speaks to the services as one user."""

    def __init__(self, address, user, password, project):
        self.address = address
        domain = {"id": "default"}
        identity = {
            "methods": ["password"],
            "password": {"user": {"name": user, "domain": domain, "password": password}},
        }
        scope = {"project": {"name": project, "domain": domain}}
        body = {"auth": {"identity": identity, "scope": scope}}
        self.headers = {}
        answer = self._open("POST", 5000, "v3/auth/tokens", json.dumps(body).encode(), "application/json")
        self.headers = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
        self.project = json.load(answer)["token"]["project"]["id"]

    def post(self, service, path, **body):
        """Make a thing and return it."""
        answer = json.load(self._open("POST", service, path, json.dumps(body).encode(), "application/json"))
        return answer[next(iter(body))] if len(body) == 1 and next(iter(body)) in answer else answer

    def get(self, port, path):
        return json.load(self._open("GET", port, path, None, None))

    def put(self, port, path, content=b"", kind="application/octet-stream"):
        self._open("PUT", port, path, content, kind).close()

    def _open(self, method, port, path, data, kind):
        headers = {**self.headers, **({"Content-Type": kind} if kind else {})}
        return urlopen(Request(f"http://{self.address}:{port}/{path}", data, headers, method=method), timeout=120)


def seed(address, admin_password, user_password):
    """Make all of it, once each scheduler knows its one host. Nothing is there yet: the container is new."""
    admin = Cloud(address, "admin", admin_password, "admin")
    own = admin.project
    for service, path, kind in (
        (8774, "v2.1/os-hypervisors", "hypervisors"),
        (8776, f"v3/{own}/scheduler-stats/get_pools", "pools"),
    ):
        while not admin.get(service, path)[kind]:
            time.sleep(0.5)
    project = admin.post(5000, "v3/projects", project={"name": PROJECT})["id"]
    user = admin.post(5000, "v3/users", user={"name": USER, "password": user_password})["id"]
    roles = {role["name"]: role["id"] for role in admin.get(5000, "v3/roles")["roles"]}
    admin.put(5000, f"v3/projects/{project}/users/{user}/roles/{roles['member']}")
    for name, (vcpus, ram) in FLAVORS.items():
        admin.post(8774, "v2.1/flavors", flavor={"name": name, "vcpus": vcpus, "ram": ram, "disk": 20, "id": name})
    image = admin.post(
        9292, "v2/images", name=IMAGE, disk_format="raw", container_format="bare", visibility="public", min_disk=1
    )
    admin.put(9292, f"v2/images/{image['id']}/file", bytes(1024))
    mine = Cloud(address, USER, user_password, PROJECT)
    name, cidr = NETWORK
    network = mine.post(9696, "v2.0/networks", network={"name": name})["id"]
    mine.post(9696, "v2.0/subnets", subnet={"name": name, "network_id": network, "cidr": cidr, "ip_version": 4})
