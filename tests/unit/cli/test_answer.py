"""A published port: an HTTP status, an open port, or silence, and never an exception."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from cli.answer import Place, answer


@contextmanager
def listening(reply: bytes) -> Iterator[Place]:
    """Something that says `reply` to whoever connects, then hangs up; nothing at all when it is empty."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                if reply:
                    connection.settimeout(0.2)
                    with suppress(TimeoutError):
                        connection.recv(1024)
                    connection.sendall(reply)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Place("127.0.0.1", server.getsockname()[1])
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.mark.parametrize(("status", "reason"), [(200, "OK"), (404, "Not Found"), (503, "Service Unavailable")])
def test_any_http_status_is_an_answer(status: int, reason: str) -> None:
    with listening(f"HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\n\r\n".encode()) as place:
        assert answer(place, 5) == f"http://127.0.0.1:{place.port}/ {status} {reason}"


@pytest.mark.parametrize("reply", [b"-ERR unknown command\r\n", b"\x00\x01\x02\xff\n", b"SSH-2.0-OpenSSH_9.2\r\n", b""])
def test_what_speaks_something_else_is_open(reply: bytes) -> None:
    with listening(reply) as place:
        assert answer(place, 5) == f"tcp://127.0.0.1:{place.port} open"


def test_nobody_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert answer(Place("127.0.0.1", port), 2) is None


def test_udp_is_not_asked() -> None:
    assert answer(Place("192.0.2.1", 53, "udp"), 1) == "udp://192.0.2.1:53 not asked"


def test_an_address_of_six_groups_is_bracketed() -> None:
    assert str(Place("2001:db8::1", 80)) == "tcp://[2001:db8::1]:80"
