"""TLS, and where credentials go: a registry behind a certificate of an authority of its own."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme

from images.login import IDENTITY_TOKEN, Login
from images.session import Session
from spec.errors import ImageError
from tests.unit.images.server import registry


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def behind_tls(authority: trustme.CA) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def session(host: str, login: Login | None = None, ca: str | None = None) -> Session:
    return Session(host, login, ca, pause=lambda _: None)


def test_an_authority_of_our_own_is_trusted_when_it_is_given() -> None:
    authority = trustme.CA()
    with behind_tls(authority) as host:
        assert session(host, ca=authority.cert_pem.bytes().decode()).ask("GET", "/v2/", "").status_code == 200


def test_another_authority_is_not_trusted_and_the_fix_says_where_it_goes() -> None:
    with behind_tls(trustme.CA()) as host, pytest.raises(ImageError) as caught:
        session(host, ca=trustme.CA().cert_pem.bytes().decode()).ask("GET", "/v2/", "")
    assert "certificate verify failed" in caught.value.found
    assert caught.value.fix == f"give its authority's certificate as longshore:engine.registries.{host}.ca"


def test_a_registry_elsewhere_is_always_spoken_to_with_tls() -> None:
    assert session("r.example.com").base == "https://r.example.com"
    assert session("docker.io").base == "https://registry-1.docker.io"
    assert session("127.0.0.1:5000").base == "http://127.0.0.1:5000"


def test_an_identity_token_is_traded_for_a_token() -> None:
    with registry(auth="bearer") as held, pytest.raises(ImageError, match="refuses the identity token"):
        session(held.host, Login(IDENTITY_TOKEN, "canary")).ask("GET", "/v2/x/manifests/1", "repository:x:pull")


def test_our_credentials_do_not_follow_an_upload_to_another_host() -> None:
    with registry(auth="basic") as held, registry(auth="basic") as other:
        ours = session(held.host, Login("dev", "s3cret"))
        assert ours.ask("HEAD", "/v2/x/blobs/y", "").status_code == 404
        with pytest.raises(ImageError, match="refuses user `dev`"):
            ours.ask("GET", f"http://{other.host}/v2/x/blobs/y", "")


def test_the_registrys_own_pause_is_kept_within_reason() -> None:
    pauses: list[float] = []
    with registry(fails=[503, 503]) as held:
        Session(held.host, None, pause=pauses.append).ask("HEAD", "/v2/x/blobs/y", "")
    assert pauses == [1.0, 2.0]
