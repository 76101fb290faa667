"""A published port: an HTTP status, an open port, or silence, and never an exception."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

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


@pytest.mark.parametrize(
    ("status", "reason"), [(200, "OK"), (400, "Bad Request"), (404, "Not Found"), (503, "Service Unavailable")]
)
def test_any_http_status_is_an_answer(status: int, reason: str) -> None:
    with listening(f"HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\n\r\n".encode()) as place:
        assert answer(place, 5) == f"http://127.0.0.1:{place.port}/ {status} {reason}"


@pytest.mark.parametrize("reply", [b"-ERR unknown command\r\n", b"\x00\x01\x02\xff\n", b"SSH-2.0-OpenSSH_9.2\r\n", b""])
def test_what_speaks_something_else_is_open(reply: bytes) -> None:
    with listening(reply) as place:
        assert answer(place, 5) == f"tcp://127.0.0.1:{place.port} open"


class Page(BaseHTTPRequestHandler):
    """Answers to whoever asks by TLS; who doesn't is refused before it comes to that."""

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Place]:
    """A server that speaks TLS, and says 400 to plain HTTP, as web servers do."""
    certificate = tmp_path / "server.pem"
    trustme.CA().issue_cert("server.test").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Server(ThreadingHTTPServer):
        def finish_request(self, request: Any, client_address: Any) -> None:
            if request.recv(1, socket.MSG_PEEK) != b"\x16":  # no TLS handshake
                request.recv(1024)
                request.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
                return
            super().finish_request(context.wrap_socket(request, server_side=True), client_address)

    with Server(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Place("127.0.0.1", server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def test_a_page_by_tls_is_asked_by_tls(sealed: Place) -> None:
    assert answer(sealed, 5) == f"https://127.0.0.1:{sealed.port}/ 204 No Content"


def test_nobody_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert answer(Place("127.0.0.1", port), 2) is None


def test_udp_is_not_asked() -> None:
    assert answer(Place("192.0.2.1", 53, "udp"), 1) == "udp://192.0.2.1:53 not asked"


def test_an_address_of_six_groups_is_bracketed() -> None:
    assert str(Place("2001:db8::1", 80)) == "tcp://[2001:db8::1]:80"
