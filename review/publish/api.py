"""A platform's REST interface: one way to ask, which waits, tries again, and says plainly what was refused.

The token is in a header and nowhere else: in no address, message or log.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from review.clean import clean
from review.publish.thread import GoneError, TooLongError
from review.publish.wait import Clock, is_limited, pause
from spec.errors import ReviewError

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and between two bytes of an answer."""
PER_PAGE = 100
"""The most that GitHub and GitLab give at once."""
MOST_PAGES = 500


class Token(AuthBase):
    """The token's header. `headers` replace what a .netrc file would add."""

    def __init__(self, name: str, value: str) -> None:
        self._header = (name, value)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        request.headers[self._header[0]] = self._header[1]
        return request


class Api:
    """A base address, a token, and patience. `advice`: what to do when the token is not enough."""

    def __init__(self, base: str, token: Token, headers: Mapping[str, str], advice: str, clock: Clock) -> None:
        self._base = checked_base(base)
        self._session = requests.Session()
        self._session.auth = token
        self._session.headers.update({"User-Agent": "longshore", **headers})
        self._advice = advice
        self._clock = clock

    def ask(self, method: str, path: str, json: Any = None) -> Any:
        """Return the answer's JSON. Raises TooLongError, GoneError (404, 410), ReviewError: the platform's words."""
        return self._answer(method, path, {"json": json})[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the items of every page."""
        for page in range(1, MOST_PAGES + 1):
            items, response = self._answer("GET", path, {"params": {"per_page": PER_PAGE, "page": page}})
            yield from items
            if "next" not in response.links:
                return
        raise ReviewError(f"GET {path}", f"has more than {MOST_PAGES} pages", "publish to another pull request")

    def _answer(self, method: str, path: str, content: Mapping[str, Any]) -> tuple[Any, requests.Response]:
        where = f"{method} {self._base}{path}"
        response = self._response(where, method, path, content)
        if response.status_code >= 300:
            raise self._refusal(where, response)
        try:
            return (response.json() if response.content else None), response
        except ValueError:
            raise ReviewError(where, "the answer is no JSON", "check the platform's address") from None

    def _response(self, where: str, method: str, path: str, content: Mapping[str, Any]) -> requests.Response:
        """Return the last answer. Redirects are not followed: they would turn a POST into a GET."""
        tried = 0
        while True:
            tried += 1
            try:
                response = self._session.request(
                    method, f"{self._base}{path}", timeout=TIMEOUT, allow_redirects=False, **content
                )
                wait = pause(tried, response.status_code, _lower(response), response.text, self._clock)
                if wait is None:
                    return response
            except requests.exceptions.SSLError as error:
                raise ReviewError(where, _short(str(error)), "check the address and REQUESTS_CA_BUNDLE") from None
            except requests.RequestException as error:
                wait = pause(tried, 0, {}, "", self._clock)
                if wait is None:
                    fix = "check the platform's address and the network"
                    raise ReviewError(where, f"no answer: {type(error).__name__}", fix) from None
            self._clock.sleep(wait)

    def _refusal(self, where: str, response: requests.Response) -> ReviewError:
        status, said = response.status_code, _short(response.text)
        found = f"{status} {said or response.reason}"
        if status in (400, 413, 422) and (status == 413 or "too long" in said.lower()):
            return TooLongError(where, found, "review fewer stacks at once")
        if is_limited(status, _lower(response), said):
            return ReviewError(where, found, "the platform's limit is used up: try again later")
        if status in (404, 410):
            return GoneError(where, found, self._advice)
        return ReviewError(where, found, self._advice if status in (401, 403) else "")


def checked_base(address: str) -> str:
    """Return an API's address without a slash at its end. Raises ReviewError for one that would show the token."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ReviewError(
            "the platform's address", f"{parts.scheme or 'no scheme'}: the token would be readable", "use https"
        )
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise ReviewError("the platform's address", "is not host and path alone", "give it as https://host/path")
    return address.rstrip("/")


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _lower(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _short(text: str) -> str:
    """Return what a platform says, on one line."""
    return " ".join(clean(text).split())[:300]
