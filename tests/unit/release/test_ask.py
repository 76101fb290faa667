from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from release.ask import LONGEST, page, port


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        moved = self.path == "/moved"
        body = b"x" * (LONGEST + 10) if self.path == "/long" else b"hello \xff"
        self.send_response(302 if moved else 404 if self.path == "/gone" else 200)
        if moved:
            self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def closed() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        number: int = found.getsockname()[1]
        return number


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/gone", 404), ("/moved", 302)])
def test_any_status_is_an_answer(server: str, path: str, status: int) -> None:
    answer = page(f"http://{server}{path}")
    assert (answer.status, answer.error) == (status, "")
    assert answer.text.startswith("hello ")


def test_a_long_page_is_read_in_part(server: str) -> None:
    assert 0 < len(page(f"http://{server}/long").text) <= LONGEST


def test_nobody_there_is_told(server: str, closed: int) -> None:
    answer = page(f"http://127.0.0.1:{closed}/")
    assert (answer.status, answer.error) == (0, "no answer (ConnectionError)")
    assert port("127.0.0.1", closed) == "closed (ConnectionRefusedError)"
    host, _, number = server.partition(":")
    assert port(host, int(number)) == ""
