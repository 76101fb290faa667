"""A headless browser, driven over a pipe by its own protocol: https://chromedevtools.github.io/devtools-protocol/."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from lab import apt
from lab.progress import quiet

TIMEOUT = 60
"""Seconds for one answer."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # a container's root has no user name spaces
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
    "--window-size=1280,900",
)
COMPLAINTS = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")


class Tab:
    """One tab: a page, what it asked of the network, and what it complained of."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        target = pipe.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = pipe.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> Any:
        return self._pipe.ask(method, parameters, self._session)

    def open(self, file: Path) -> None:
        with self._pipe.waiting_for("Page.loadEventFired"):
            self.ask("Page.navigate", url=file.as_uri())

    def value(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def type(self, field: str, text: str) -> None:
        """Put a text into a field as a user does, in place of what is there."""
        self.value(f"document.getElementById({json.dumps(field)}).select()")
        self.ask("Input.insertText", text=text)

    def click(self, expression: str) -> None:
        """Click on the middle of an element, as a user does."""
        box = f"(({expression}).scrollIntoView({{block: 'center'}}), ({expression}).getBoundingClientRect())"
        x, y = self.value(f"(box => [box.x + box.width / 2, box.y + box.height / 2])({box})")
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    @property
    def requests(self) -> list[str]:
        return [each["params"]["request"]["url"] for each in self._pipe.events("Network.requestWillBeSent")]

    @property
    def complaints(self) -> list[Any]:
        return [each["params"] for kind in COMPLAINTS for each in self._pipe.events(kind)]


class Pipe:
    """Messages to and from the browser, each ended by a zero byte."""

    def __init__(self, send: BinaryIO, receive: BinaryIO) -> None:
        self._send, self._receive = send, receive
        self._number = 0
        self._seen: list[dict[str, Any]] = []
        self._arrived: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, method: str, parameters: dict[str, Any], session: str = "") -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._send.write(json.dumps({**message, **({"sessionId": session} if session else {})}).encode() + b"\0")
        self._send.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    @contextmanager
    def waiting_for(self, event: str) -> Iterator[None]:
        """Do something, then wait until it has made this event happen."""
        before = len(self.events(event))
        yield
        while len(self.events(event)) == before:
            self._next()

    def events(self, method: str) -> list[dict[str, Any]]:
        return [each for each in self._seen if each.get("method") == method]

    def _next(self) -> dict[str, Any]:
        message = self._arrived.get(timeout=TIMEOUT)
        self._seen.append(message)
        return message

    def _read(self) -> None:
        rest = b""
        while chunk := os.read(self._receive.fileno(), 1 << 16):
            *whole, rest = (rest + chunk).split(b"\0")
            for each in whole:
                self._arrived.put(json.loads(each))


@contextmanager
def browser(folder: Path) -> Iterator[Tab]:
    """Start a browser of its own, without any network; install it where it is missing."""
    apt.ensure({"chromium": "chromium"}, "the page's test", quiet)
    their_in, our_out = os.pipe()
    our_in, their_out = os.pipe()
    command = ["chromium", *FLAGS, f"--user-data-dir={folder}", "--host-resolver-rules=MAP * ~NOTFOUND"]
    process = subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{their_in} 4>&{their_out}', "bash", *command],
        pass_fds=(their_in, their_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(their_in)
    os.close(their_out)
    try:
        with os.fdopen(our_out, "wb") as send, os.fdopen(our_in, "rb") as receive:
            yield Tab(Pipe(send, receive))
            process.terminate()
            process.wait(TIMEOUT)
    finally:
        process.kill()
        process.wait()
