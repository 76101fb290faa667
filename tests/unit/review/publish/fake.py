"""GitHub and GitLab as far as comments go: real HTTP on the loopback, with faults on request."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "canary-token-4711"
ME, OTHER = 1, 2


@dataclass(frozen=True)
class Platform:
    """How one platform's addresses and fields are called."""

    items: str
    item: str
    update: str
    limit: int
    too_long: tuple[int, str]
    header: tuple[str, str]
    author: str


GITHUB = Platform(
    items=r"/repos/acme/shop/issues/7/comments",
    item=r"/repos/acme/shop/issues/comments/(\d+)",
    update="PATCH",
    limit=65_536,
    too_long=(422, "Validation Failed: Body is too long (maximum is 65536 characters)"),
    header=("authorization", f"Bearer {TOKEN}"),
    author="user",
)
GITLAB = Platform(
    items=r"/projects/42/merge_requests/7/notes",
    item=r"/projects/42/merge_requests/7/notes/(\d+)",
    update="PUT",
    limit=1_000_000,
    too_long=(400, "400 Bad request - Note is too long (maximum is 1000000 characters)"),
    header=("private-token", TOKEN),
    author="author",
)
PLATFORMS = {"github": GITHUB, "gitlab": GITLAB}


@dataclass(frozen=True)
class Reply:
    """An answer; `body` is sent as JSON, `raw` as it is."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass
class Fake:
    """The comments of request 7. `faults`: replies given first, by method; `hooks`: run once before a reply."""

    platform: Platform
    url: str = ""
    limit: int = 0
    comments: dict[int, tuple[int, str]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: dict[str, deque[Reply]] = field(default_factory=dict)
    hooks: dict[str, Callable[[], None]] = field(default_factory=dict)
    knows_me: bool = True
    _next: int = 100
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def put(self, body: str, author: int = ME) -> int:
        """Add a comment, as somebody else would."""
        with self._lock:
            self._next += 1
            self.comments[self._next] = (author, body)
            return self._next

    def fail(self, method: str, *replies: Reply) -> None:
        """Answer the next requests of a method so."""
        self.faults[method] = deque(replies)

    @property
    def bodies(self) -> list[str]:
        return [body for author, body in self.comments.values() if author == ME]

    @property
    def writes(self) -> Counter[str]:
        return Counter(call.split()[0] for call in self.calls if not call.startswith("GET"))

    def answer(self, method: str, target: str, headers: Mapping[str, str], content: Any) -> Reply:
        """Answer one request. A hook runs outside the lock: it is another writer."""
        hook = self.hooks.pop(method, None)
        if hook:
            hook()
        with self._lock:
            self.calls.append(f"{method} {target}")
            name, value = self.platform.header
            if headers.get(name) != value:
                return Reply(401, {"message": "Bad credentials"})
            if self.faults.get(method):
                return self.faults[method].popleft()
            return self._route(method, target, content)

    def _route(self, method: str, target: str, content: Any) -> Reply:
        parts = urlsplit(target)
        if parts.path == "/user":
            return (
                Reply(200, {"login": "bot", "id": ME}) if self.knows_me else Reply(403, {"message": "not accessible"})
            )
        if re.fullmatch(self.platform.items, parts.path):
            return self._page(parts.query) if method == "GET" else self._write(None, content)
        item = re.fullmatch(self.platform.item, parts.path)
        if item:
            return self._item(method, int(item[1]), content)
        if method == "POST" and re.fullmatch(r"/(repos/acme/shop|projects/42)/statuses/\w+", parts.path):
            self.statuses.append(content)
            return Reply(201, content)
        return Reply(404, {"message": "Not Found"})

    def _page(self, query: str) -> Reply:
        given = {name: int(values[0]) for name, values in parse_qs(query).items()}
        size, page = given["per_page"], given["page"]
        every = [self._shown(each) for each in sorted(self.comments)]
        more = len(every) > size * page
        link = {"Link": f'<{self.url}{self.platform.items}?page={page + 1}>; rel="next"'} if more else {}
        return Reply(200, every[size * (page - 1) : size * page], link)

    def _item(self, method: str, identifier: int, content: Any) -> Reply:
        if identifier not in self.comments:
            return Reply(404, {"message": "Not Found"})
        if method == "GET":
            return Reply(200, self._shown(identifier))
        if method == "DELETE":
            del self.comments[identifier]
            return Reply(204)
        assert method == self.platform.update
        return self._write(identifier, content)

    def _write(self, identifier: int | None, content: Any) -> Reply:
        if len(content["body"]) > (self.limit or self.platform.limit):
            status, message = self.platform.too_long
            return Reply(status, {"message": message})
        if identifier is None:
            identifier = self.put(content["body"].rstrip())
            return Reply(201, self._shown(identifier))
        self.comments[identifier] = (self.comments[identifier][0], content["body"].rstrip())
        return Reply(200, self._shown(identifier))

    def _shown(self, identifier: int) -> dict[str, Any]:
        author, body = self.comments[identifier]
        login = "bot" if self.knows_me else "github-actions[bot]"
        who = {"id": author, "login": login if author == ME else "mallory"}
        return {"id": identifier, "body": body, self.platform.author: who}


@contextmanager
def serving(platform: Platform) -> Iterator[Fake]:
    """Serve a platform on a free port of the loopback."""
    fake = Fake(platform)

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            length = int(self.headers.get("content-length", 0))
            content = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = fake.answer(self.command, self.path, headers, content)
            data = reply.raw if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = reply  # noqa: N815  the base class calls them so

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class calls it so
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
