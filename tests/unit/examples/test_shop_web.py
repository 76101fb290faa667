from __future__ import annotations

import http.client
import json
import os
import signal
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def web(shop: Any) -> Any:
    return shop("web")


@pytest.fixture
def app(web: Any, store: Any) -> Any:
    return web.App(web.Settings("replica-1", "1.0", "Hi <all>"), store)


def asked(app: Any, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
    answer = app.answer(method, path, body)
    return int(answer.status), json.loads(answer.body)


def test_the_page_says_which_replica_served_it_and_escapes_the_config(app: Any) -> None:
    answer = app.answer("GET", "/")
    assert answer.kind.startswith("text/html")
    assert '<dd id="replica">replica-1</dd>' in answer.body
    assert "<h1>Hi &lt;all&gt;</h1>" in answer.body


def test_the_page_needs_no_cache(app: Any, redis: Any) -> None:
    redis.away = True
    assert app.answer("GET", "/").status == 200


def test_the_state_names_replica_version_visits_and_jobs(app: Any) -> None:
    assert asked(app, "GET", "/api/state") == (
        200,
        {"replica": "replica-1", "version": "1.0", "greeting": "Hi <all>", "visits": 1, "jobs": []},
    )
    assert asked(app, "GET", "/api/state")[1]["visits"] == 2


def test_a_job_is_queued_and_can_be_asked_for(app: Any, store: Any) -> None:
    status, job = asked(app, "POST", "/api/jobs", b'{"text": " one two "}')
    assert (status, job["text"], job["words"]) == (202, "one two", None)
    store.finish(store.take(1), 2, "worker-1")
    assert asked(app, "GET", f"/api/jobs/{job['id']}") == (200, {**job, "words": 2, "worker": "worker-1"})
    assert asked(app, "GET", "/api/state")[1]["jobs"][0]["words"] == 2


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"text": 3}', b'{"text": "  "}', b'"text"', b"\xff"])
def test_a_body_without_a_text_is_refused(app: Any, body: bytes) -> None:
    status, answer = asked(app, "POST", "/api/jobs", body)
    assert (status, "needs" in answer["error"]) == (400, True)


def test_a_text_that_is_too_long_is_refused(app: Any, web: Any) -> None:
    body = json.dumps({"text": "x" * (web.LONGEST_TEXT + 1)}).encode()
    assert asked(app, "POST", "/api/jobs", body)[0] == 400


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nix"), ("GET", "/api/jobs/nix"), ("POST", "/"), ("POST", "/api/state")]
)
def test_what_is_not_there_is_not_found(app: Any, method: str, path: str) -> None:
    assert asked(app, method, path) == (404, {"error": f"nothing at {path}"})


def test_a_cache_that_is_away_is_503_and_not_unhealthy(app: Any, redis: Any) -> None:
    redis.away = True
    status, answer = asked(app, "GET", "/api/state")
    assert (status, answer["error"]) == (503, "the cache does not answer: no route to cache")
    assert asked(app, "POST", "/api/jobs", b'{"text": "x"}')[0] == 503
    assert asked(app, "GET", "/healthz") == (200, {"status": "ok", "replica": "replica-1"})


def test_the_greeting_comes_from_the_config_file(web: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.toml").write_text('greeting = "Hello"\n')
    monkeypatch.setenv("SHOP_CONFIG", str(tmp_path / "shop.toml"))
    monkeypatch.setenv("SHOP_VERSION", "1.1")
    settings = web.Settings.load()
    assert (settings.greeting, settings.version) == ("Hello", "1.1")


@pytest.fixture
def connection(web: Any, app: Any) -> Iterator[http.client.HTTPConnection]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), web.handler(app))
    threading.Thread(target=server.serve_forever).start()
    yield http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    server.shutdown()
    server.server_close()


def test_it_speaks_http(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/api/jobs", json.dumps({"text": "one two"}))
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (202, "application/json")
    job = json.loads(answer.read())
    connection.request("GET", f"/api/jobs/{job['id']}")
    assert json.loads(connection.getresponse().read()) == job


@pytest.fixture
def _own_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("_own_signals")
def test_sigterm_ends_it_after_the_answer_that_is_under_way(web: Any, app: Any) -> None:
    begun, finish, got = threading.Event(), threading.Event(), []
    plain = app.answer

    def slow(method: str, path: str, body: bytes = b"") -> Any:
        begun.set()
        assert finish.wait(60)
        return plain(method, path, body)

    app.answer = slow
    server = web.Server(("127.0.0.1", 0), web.handler(app))

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
        connection.request("GET", "/healthz")
        got.append(connection.getresponse().status)

    def stop() -> None:
        assert begun.wait(60)
        os.kill(os.getpid(), signal.SIGTERM)
        finish.set()

    threads = [threading.Thread(target=each) for each in (ask, stop)]
    for thread in threads:
        thread.start()
    web.serve(server)
    for thread in threads:
        thread.join()
    assert got == [200]
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5).connect()
