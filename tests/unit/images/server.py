"""A small registry over real HTTP, in this process: what it holds, whom it lets in, and how it fails is told to it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD, TOKEN = "dev", "s3cret", "a-token"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass
class Held:
    """What a registry holds, and what was asked of it."""

    auth: str = ""
    """`basic`, `bearer`, or open."""
    host: str = ""
    manifests: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)
    blobs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    realm: str = ""
    fails: list[int] = field(default_factory=list)
    """Statuses that the next requests get."""
    cuts: list[int] = field(default_factory=list)
    """After how many bytes of its next bodies of a blob, sent or taken, the connection breaks."""
    ranges: bool = True
    tells_digest: bool = True
    forgets: bool = False
    """Whether an upload that broke is refused, as Docker's registry 2.8 does."""

    def blob(self, repository: str, content: bytes) -> dict[str, Any]:
        self.blobs[repository, digest(content)] = content
        return {"mediaType": "application/octet-stream", "digest": digest(content), "size": len(content)}

    def image(self, repository: str, layers: list[bytes], tag: str | None = None) -> str:
        config, *rest = [self.blob(repository, each) for each in (b'{"architecture":"amd64"}', *layers)]
        return self.put(repository, MANIFEST, {"schemaVersion": 2, "config": config, "layers": rest}, tag)

    def index(self, repository: str, platforms: dict[str, str], tag: str | None = None) -> str:
        entries = []
        for platform, each in platforms.items():
            system, architecture = platform.split("/")
            size = len(self.manifests[repository, each][1])
            entry = {"mediaType": MANIFEST, "digest": each, "size": size}
            entries.append(entry | {"platform": {"os": system, "architecture": architecture}})
        return self.put(repository, INDEX, {"schemaVersion": 2, "manifests": entries}, tag)

    def put(self, repository: str, kind: str, document: dict[str, Any], tag: str | None) -> str:
        content = json.dumps(document | {"mediaType": kind}).encode()
        for name in (tag, digest(content)):
            if name:
                self.manifests[repository, name] = (kind, content)
        return digest(content)

    def count(self, beginning: str) -> int:
        return sum(line.startswith(beginning) for line in self.asked)


@contextmanager
def registry(**settings: Any) -> Iterator[Held]:
    held = Held(**settings)
    handler = type("Handler", (_Handler,), {"held": held})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    held.host = f"127.0.0.1:{server.server_port}"
    held.realm = held.realm or f"http://{held.host}/token"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    held: Held
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_POST(self) -> None:
        self._write(self._post)

    def do_PATCH(self) -> None:
        self._write(self._patch)

    def do_PUT(self) -> None:
        self._write(self._put)

    def _answer(self, body: bool) -> None:
        url = urlsplit(self.path)
        if url.path == "/token":
            return self._token()
        if not self._let_in():
            return None
        parts = url.path.removeprefix("/v2/").split("/")
        kind, name = parts[-2], parts[-1]
        if kind == "uploads" and not self.held.forgets:
            return self._send(204, {"Range": self._range(name), "Location": url.path})
        repository = "/".join(parts[:-2])
        if kind == "manifests" and (repository, name) in self.held.manifests:
            media, content = self.held.manifests[repository, name]
            told = {"Docker-Content-Digest": digest(content)} if self.held.tells_digest else {}
            return self._send(200, {"Content-Type": media, **told}, content, body)
        if kind == "blobs" and (repository, name) in self.held.blobs:
            return self._blob(self.held.blobs[repository, name], body)
        return self._send(404)

    def _blob(self, content: bytes, body: bool) -> None:
        start = int(self.headers["Range"][6:].split("-")[0]) if "Range" in self.headers and self.held.ranges else 0
        content = content[start:]
        self._send(206 if start else 200, {}, content, body, self.held.cuts.pop(0) if body and self.held.cuts else None)

    def _write(self, take: Any) -> None:
        wanted = int(self.headers.get("Content-Length", 0))
        if wanted and self.command == "PATCH" and self.held.cuts:
            some = self.rfile.read(min(wanted, self.held.cuts.pop(0)))
            self.held.asked.append(f"PATCH cut after {len(some)}")
            self.held.uploads[self.path.split("/")[-1]] += some
            self.close_connection = True
            self.connection.close()
            return
        body = self.rfile.read(wanted)
        if self._let_in():
            take(body)

    def _post(self, _: bytes) -> None:
        url = urlsplit(self.path)
        repository = url.path.removeprefix("/v2/").removesuffix("/blobs/uploads/")
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        mounted = self.held.blobs.get((query.get("from", ""), query.get("mount", "")))
        if mounted is not None:
            self.held.blobs[repository, query["mount"]] = mounted
            return self._send(201, {"Location": "/"})
        name = f"u{len(self.held.uploads)}"
        self.held.uploads[name] = bytearray()
        return self._send(202, {"Location": f"/v2/{repository}/blobs/uploads/{name}"})

    def _patch(self, body: bytes) -> None:
        name = self.path.split("/")[-1]
        start = int(self.headers["Content-Range"].split("-")[0])
        if start != len(self.held.uploads[name]):
            return self._send(416, {"Range": self._range(name)})
        self.held.uploads[name] += body
        return self._send(202, {"Location": self.path, "Range": self._range(name)})

    def _put(self, body: bytes) -> None:
        url = urlsplit(self.path)
        path = url.path.removeprefix("/v2/")
        if "/manifests/" in path:
            repository, _, name = path.partition("/manifests/")
            for key in (name, digest(body)):
                self.held.manifests[repository, key] = (self.headers["Content-Type"], body)
            return self._send(201, {"Docker-Content-Digest": digest(body)})
        repository, _, name = path.partition("/blobs/uploads/")
        content = bytes(self.held.uploads.pop(name) + body)
        if parse_qs(url.query)["digest"] != [digest(content)]:
            return self._send(400)
        self.held.blobs[repository, digest(content)] = content
        return self._send(201)

    def _range(self, name: str) -> str:
        """Return how far an upload is, as Docker's registry tells it: `0-0` for one byte and for none."""
        return f"0-{max(0, len(self.held.uploads[name]) - 1)}"

    def _let_in(self) -> bool:
        self.held.asked.append(f"{self.command} {self.path}")
        given, kind = self.headers.get("Authorization", ""), self.held.auth
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if kind and given != {"basic": f"Basic {basic}", "bearer": f"Bearer {TOKEN}"}[kind]:
            bearer = f'Bearer realm="{self.held.realm}",service="here"'
            self._send(401, {"WWW-Authenticate": bearer if kind == "bearer" else 'Basic realm="here"'})
            return False
        if self.held.fails:
            self._send(self.held.fails.pop(0))
            return False
        return True

    def _token(self) -> None:
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self.held.asked.append(f"TOKEN {self.path}")
        if self.headers.get("Authorization") != f"Basic {basic}":
            return self._send(401)
        return self._send(200, {}, json.dumps({"token": TOKEN}).encode())

    def _send(
        self, status: int, headers: dict[str, str] | None = None, content: bytes = b"", body: bool = True,
        cut: int | None = None,
    ) -> None:  # fmt: skip
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content if cut is None else content[:cut])
        if cut is not None:
            self.close_connection = True
