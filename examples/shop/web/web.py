"""The shop's web tier: one page and a small JSON API."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import tomllib
from dataclasses import asdict, dataclass
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any

from store import Store, connect

PAGE = Template((Path(__file__).parent / "page.html").read_text())
LONGEST_TEXT = 2000
JSON = "application/json"


@dataclass(frozen=True)
class Settings:
    """What this replica says about itself."""

    replica: str
    version: str
    greeting: str

    @classmethod
    def load(cls) -> Settings:
        """Read them from the environment and from the config file that SHOP_CONFIG names."""
        config = tomllib.loads(Path(os.environ.get("SHOP_CONFIG", "/etc/shop/shop.toml")).read_text())
        return cls(socket.gethostname(), os.environ.get("SHOP_VERSION", "dev"), config["greeting"])


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: HTTPStatus
    body: str
    kind: str = JSON


class App:
    """The shop's answers, without the sockets."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def answer(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Answer a request; a cache that is away is a 503, not a traceback."""
        try:
            return self._post(path, body) if method == "POST" else self._get(path)
        except self._store.away as error:
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, f"the cache does not answer: {error}")

    def _get(self, path: str) -> Answer:
        match path:
            case "/":
                return Answer(HTTPStatus.OK, self._page(), "text/html; charset=utf-8")
            case "/api/state":
                return _json(HTTPStatus.OK, self._state())
            case "/healthz":
                return _json(HTTPStatus.OK, {"status": "ok", "replica": self._settings.replica})
        return self._job(path)

    def _post(self, path: str, body: bytes) -> Answer:
        if path != "/api/jobs":
            return _problem(HTTPStatus.NOT_FOUND, f"nothing at {path}")
        text = _text(body)
        if not text or len(text) > LONGEST_TEXT:
            return _problem(HTTPStatus.BAD_REQUEST, f'needs {{"text": "..."}} of 1 to {LONGEST_TEXT} characters')
        return _json(HTTPStatus.ACCEPTED, asdict(self._store.submit(text)))

    def _job(self, path: str) -> Answer:
        job = self._store.job(path.removeprefix("/api/jobs/")) if path.startswith("/api/jobs/") else None
        return _json(HTTPStatus.OK, asdict(job)) if job else _problem(HTTPStatus.NOT_FOUND, f"nothing at {path}")

    def _state(self) -> dict[str, Any]:
        jobs = [asdict(job) for job in self._store.recent()]
        return {**asdict(self._settings), "visits": self._store.visit(), "jobs": jobs}

    def _page(self) -> str:
        return PAGE.substitute({key: escape(value) for key, value in asdict(self._settings).items()})


class Server(ThreadingHTTPServer):
    """A server that finishes what it has begun before it ends."""

    daemon_threads = False
    request_queue_size = 128


def serve(server: Server) -> None:
    """Answer until SIGTERM, then no new request, and return when the last answer is sent."""
    # shutdown() waits for serve_forever(), which the signal interrupts: only another thread can call it.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


def handler(app: App) -> type[BaseHTTPRequestHandler]:
    """Return the request handler that asks `app`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(app.answer("GET", self.path))

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), 4 * LONGEST_TEXT)
            self._send(app.answer("POST", self.path, self.rfile.read(length)))

        def _send(self, answer: Answer) -> None:
            data = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


def _text(body: bytes) -> str:
    try:
        text = json.loads(body)["text"]
    except (ValueError, KeyError, TypeError):
        return ""
    return text.strip() if isinstance(text, str) else ""


def _json(status: HTTPStatus, value: object) -> Answer:
    return Answer(status, json.dumps(value) + "\n")


def _problem(status: HTTPStatus, error: str) -> Answer:
    return _json(status, {"error": error})


if __name__ == "__main__":
    app = App(Settings.load(), connect())
    serve(Server(("", int(os.environ.get("PORT", "8080"))), handler(app)))
