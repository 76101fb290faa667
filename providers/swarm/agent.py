"""The overlay probe's part on a node: sent over ssh, run by the node's own python3, gone without a trace.

It makes a VXLAN interface beside Swarm's, on the same UDP port and with a spare network id, inside a network namespace
that ends with the process, and exchanges four kinds of traffic with the agents on the other nodes. Standard library and
`ip` only; no syntax newer than Python 3.7, which is what the oldest supported distributions have.

    small    UDP without a checksum: arrives wherever the port is open
    large    the same in the overlay's full size: needs the underlay's MTU
    checked  UDP with a checksum, which the network card may have been asked to fill in
    stream   TCP, which the network card may have been asked to cut up and to checksum
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Dict, List, Set, Tuple

KINDS = ["small", "large", "checked", "stream"]
PORT = 7
HEADERS = 28  # IPv4 and UDP
STREAM = b"longshore" * 8192
SO_NO_CHECK = 11  # linux/socket.h
PATH_MTU_PROBE = 3  # IP_PMTUDISC_PROBE: never fragment, whatever was learned before
CLONE_NEWNET = 0x40000000
NAME = "lsprobe"
Plan = Dict[str, Any]


def inner(index: int) -> str:
    """Return node `index`'s address inside the probe: of the range for benchmarks (RFC 2544), in nobody's way."""
    high, low = divmod(index + 1, 256)
    return f"198.18.{high}.{low}"


def mac(index: int) -> str:
    """Return node `index`'s hardware address inside the probe: locally administered."""
    high, low = divmod(index + 1, 256)
    return f"02:4c:53:00:{high:02x}:{low:02x}"


def batch(tool: str, lines: List[str]) -> None:
    """Run commands of `ip` or `bridge`; end with the tool's complaint where it has one."""
    text = "\n".join(lines) + "\n"
    done = subprocess.run([tool, "-batch", "-"], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{tool}: {done.stderr.strip().splitlines()[0]}")


class Exchange:
    """What was heard from each node, and what each node says it has heard from here."""

    def __init__(self, plan: Plan) -> None:
        self.own = plan["index"]
        self.large = plan["mtu"] - HEADERS
        self.peers = [index for index in range(len(plan["nodes"])) if index != self.own]
        self.heard: Dict[int, Set[str]] = {index: set() for index in self.peers}
        self.told: Dict[int, Set[str]] = {index: set() for index in self.peers}
        self.until: float = time.monotonic() + plan["seconds"]

    def going(self) -> bool:
        """Tell whether there is time left."""
        return time.monotonic() < self.until

    def complete(self) -> bool:
        """Tell whether everything was heard, here and by every other node."""
        return all(len(self.heard[index]) == len(self.told[index]) == len(KINDS) for index in self.peers)

    def receive(self, datagram: bytes) -> None:
        """Note one datagram: its kind, its sender, and what that has heard from here."""
        note = json.loads(datagram.rstrip(b" "))
        self.heard[note["from"]].add(note["kind"])
        self.told[note["from"]].update(note["heard"])

    def datagram(self, kind: str, peer: int) -> bytes:
        """Return one datagram to `peer`."""
        note = json.dumps({"kind": kind, "from": self.own, "heard": sorted(self.heard[peer])}).encode()
        return note.ljust(self.large) if kind == "large" else note

    def listen(self) -> None:
        """Receive datagrams until time is up."""
        with udp() as receiver:
            receiver.bind((inner(self.own), PORT))
            while self.going():
                with contextlib.suppress(socket.timeout):
                    self.receive(receiver.recv(65535))

    def speak(self) -> None:
        """Send every kind of datagram to every node, until all have heard all or time is up."""
        with udp() as plain, udp() as checked:
            plain.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
            senders = {"small": plain, "large": plain, "checked": checked}
            rest = 5  # so that the others learn that everything was heard
            while self.going() and rest:
                for peer in self.peers:
                    for kind, sender in senders.items():
                        with contextlib.suppress(OSError):  # too large for a network card of this node: not heard
                            sender.sendto(self.datagram(kind, peer), (inner(peer), PORT))
                rest -= self.complete()
                time.sleep(0.1)

    def serve(self) -> None:
        """Take streams: a stream counts once its last byte is there."""
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((inner(self.own), PORT))
            server.listen(64)
            server.settimeout(0.2)
            while self.going():
                with contextlib.suppress(OSError):
                    threading.Thread(target=self.take, args=server.accept(), daemon=True).start()

    def take(self, connection: socket.socket, address: Tuple[str, int]) -> None:
        """Read one stream to its end."""
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            size = 0
            while size < len(STREAM):
                part = connection.recv(65536)
                if not part:
                    return
                size += len(part)
            high, low = address[0].split(".")[2:]
            self.heard[int(high) * 256 + int(low) - 1].add("stream")

    def connect(self, peer: int) -> socket.socket:
        """Open a connection to `peer`, from the address by which it knows this node."""
        return socket.create_connection((inner(peer), PORT), timeout=3, source_address=(inner(self.own), 0))

    def stream(self, peer: int) -> None:
        """Send a stream to `peer`, again until it says that it got one."""
        while self.going() and "stream" not in self.told[peer]:
            with contextlib.suppress(OSError), self.connect(peer) as connection:
                connection.sendall(STREAM)
            time.sleep(0.3)

    def run(self) -> Dict[str, List[str]]:
        """Exchange everything with everyone; return what was heard, by sender."""
        jobs = [self.listen, self.serve, *[lambda peer=peer: self.stream(peer) for peer in self.peers]]
        for job in jobs:
            threading.Thread(target=job, daemon=True).start()
        self.speak()
        return {str(index): sorted(kinds) for index, kinds in self.heard.items()}


def udp() -> socket.socket:
    """Return a UDP socket that never fragments."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.IPPROTO_IP, 10, PATH_MTU_PROBE)  # IP_MTU_DISCOVER
    made.settimeout(0.2)
    return made


def interface(plan: Plan, process: int) -> str:
    """Return the command that makes the VXLAN interface in `process`'s namespace, over this one's network."""
    link = f"link add {NAME} mtu {plan['mtu']} address {mac(plan['index'])} netns {process}"
    own = plan["nodes"][plan["index"]]
    return f"{link} type vxlan id {plan['id']} dstport {plan['port']} local {own} nolearning"


def equip(plan: Plan) -> None:
    """Give the interface its address, and tell it where every other node is."""
    others = [index for index in range(len(plan["nodes"])) if index != plan["index"]]
    own = [f"address add {inner(plan['index'])}/15 dev {NAME}", f"link set {NAME} up"]
    batch("ip", own + [f"neighbour add {inner(index)} lladdr {mac(index)} dev {NAME}" for index in others])
    batch("bridge", [f"fdb append {mac(index)} dev {NAME} dst {plan['nodes'][index]}" for index in others])


def main(plan: Plan) -> None:
    """Leave a helper outside, move into a new namespace, have the helper make the interface, and begin."""
    process, (inside, outside) = os.getpid(), os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(outside)
        if os.read(inside, 1):
            batch("ip", [interface(plan, process)])
        os._exit(0)
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        sys.exit(f"unshare: {os.strerror(ctypes.get_errno())}")
    os.write(outside, b".")
    if os.waitpid(helper, 0)[1]:
        sys.exit(1)
    equip(plan)
    print(json.dumps(Exchange(plan).run()))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
