"""Asks from outside, as a user of the services would: a page, or a port that somebody listens on."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import requests

SECONDS = 10.0
LONGEST = 1 << 20
"""Bytes of a page that are read at most."""


@dataclass(frozen=True)
class Page:
    """What a page answered; `error` says why it didn't."""

    status: int = 0
    text: str = ""
    error: str = ""


def page(url: str) -> Page:
    """Return what a page answers, redirections not followed. Never raises."""
    try:
        with requests.get(url, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
            read = next(answer.iter_content(LONGEST), b"")
            return Page(answer.status_code, read.decode(errors="replace"))
    except requests.RequestException as error:
        return Page(error=f"no answer ({type(error).__name__})")


def port(host: str, number: int) -> str:
    """Return nothing when somebody listens there, else why not. Never raises."""
    try:
        with socket.create_connection((host, number), timeout=SECONDS):
            return ""
    except OSError as error:
        return f"closed ({type(error).__name__})"
