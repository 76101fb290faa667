"""Requests to one registry, with its authentication: HTTP in, answers or an ImageError out."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from images.login import IDENTITY_TOKEN, Login
from images.reference import HUB
from spec.errors import ImageError

HUB_SERVER = "registry-1.docker.io"
TRIES = 4
SECONDS = (10.0, 60.0)
"""How long to wait for a connection, and for the next bytes."""
PASSING = frozenset({429, 500, 502, 503, 504})
"""Answers that are worth another try."""
IDEMPOTENT = frozenset({"GET", "HEAD"})
LONGEST_PAUSE = 30.0

_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


class Session:
    """Speaks to one registry. `login`: None for an anonymous one. `ca`: a certificate authority's PEM to trust too.

    A registry on this machine's loopback is spoken to without TLS unless `ca` is given, as Docker does.
    """

    def __init__(
        self, host: str, login: Login | None, ca: str | None = None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.host = host
        self._login = login
        self._pause = pause
        self._tokens: dict[str, str] = {}
        self._basic = False
        server = HUB_SERVER if host == HUB else host
        self.base = f"{'http' if _is_loopback(server) and not ca else 'https'}://{server}"
        self._http = requests.Session()
        if ca:
            self._http.mount("https://", _Trusting(ca))

    def ask(self, method: str, path: str, scope: str, raw: bool = False, **more: Any) -> requests.Response:
        """Return the registry's answer, whatever its status; what fails in passing is tried again where that is safe.

        `path`: from the registry's root, or a whole URL of it. `scope`: what a token must allow, `repository:…:pull`.
        `raw`: let requests.RequestException through, for who can go on where it broke.
        Raises ImageError when it can't be reached, or refuses our credentials.
        """
        url = self.whole(path)
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES or method not in IDEMPOTENT
            try:
                answer = self._authorized(method, url, scope, more)
            except requests.RequestException as error:
                if raw:
                    raise
                if last:
                    raise self.unreachable(error) from None
            else:
                if last or answer.status_code not in PASSING:
                    return answer
                answer.close()
                self._pause(_wait(attempt, answer.headers.get("Retry-After", "")))
                continue
            self._pause(_wait(attempt, ""))
        raise AssertionError("the last try returns or raises")

    def whole(self, location: str) -> str:
        """Return a place that the registry named, as a whole URL."""
        return urljoin(f"{self.base}/", location)

    def rest(self, attempt: int) -> None:
        """Wait before another attempt, longer each time."""
        self._pause(_wait(attempt, ""))

    def unreachable(self, error: Exception) -> ImageError:
        """Return the error for a registry that doesn't answer."""
        fix = "see that it runs, and that this machine reaches it"
        if isinstance(error, requests.exceptions.SSLError):
            fix = f"give its authority's certificate as longshore:engine.registries.{self.host}.ca"
        return ImageError(f"registry {self.host}", f"can't be reached: {reason(error)}", fix)

    def _authorized(self, method: str, url: str, scope: str, more: Mapping[str, Any]) -> requests.Response:
        answer = self._send(method, url, scope, more)
        if answer.status_code != 401:
            return answer
        challenge = answer.headers.get("WWW-Authenticate", "")
        answer.close()
        kind = challenge.partition(" ")[0].lower()
        if kind == "bearer":
            self._tokens[scope] = self._token(dict(_CHALLENGE.findall(challenge)), scope)
        elif kind == "basic" and self._login and not self._basic:
            self._basic = True
        else:
            raise self._refused()
        again = self._send(method, url, scope, more)
        if again.status_code == 401:
            again.close()
            raise self._refused()
        return again

    def _send(self, method: str, url: str, scope: str, more: Mapping[str, Any]) -> requests.Response:
        # An upload may go on at another host, which must not get our credentials.
        ours = urlsplit(url).netloc == urlsplit(self.base).netloc
        auth = _Header(self._authorization(scope) if ours else None)
        with _quiet():
            return self._http.request(method, url, auth=auth, timeout=SECONDS, **more)

    def _authorization(self, scope: str) -> str | None:
        if scope in self._tokens:
            return f"Bearer {self._tokens[scope]}"
        if self._basic and self._login:
            return requests.auth._basic_auth_str(self._login.user, self._login.password)
        return None

    def _token(self, challenge: Mapping[str, str], scope: str) -> str:
        """Get a token (distribution, "Token Authentication Specification"). Raises ImageError when there is none."""
        realm = challenge.get("realm", "")
        if urlsplit(realm).scheme not in ("https", urlsplit(self.base).scheme):
            raise ImageError(f"registry {self.host}", f"sends us to `{realm}` for a token", "give it a realm with TLS")
        asked = {"service": challenge.get("service", ""), "scope": challenge.get("scope") or scope}
        if self._login and self._login.user == IDENTITY_TOKEN:
            form = {"grant_type": "refresh_token", "refresh_token": self._login.password, "client_id": "longshore"}
            answer = self._http.post(realm, data=form | asked, auth=_Header(None), timeout=SECONDS)
        else:
            auth = (self._login.user, self._login.password) if self._login else _Header(None)
            answer = self._http.get(realm, params=asked, auth=auth, timeout=SECONDS)
        if answer.status_code in (400, 401, 403):
            raise self._refused()
        answer.raise_for_status()
        said = answer.json()
        token = said.get("token") or said.get("access_token") if isinstance(said, dict) else None
        if not token:
            raise ImageError(f"registry {self.host}", f"{realm} gave no token", "see that it is a token server")
        return str(token)

    def _refused(self) -> ImageError:
        if self._login is None:
            return ImageError(
                f"registry {self.host}",
                "asks for credentials, and there are none",
                f"declare longshore:registries.{self.host}, or run `docker login {self.host}`",
            )
        who = "the identity token" if self._login.user == IDENTITY_TOKEN else f"user `{self._login.user}`"
        fix = f"renew the password of longshore:registries.{self.host}, or run `docker login {self.host}`"
        return ImageError(f"registry {self.host}", f"refuses {who}", fix)


class _Header(requests.auth.AuthBase):
    """Sets the header as it is; being there, it keeps requests from asking ~/.netrc."""

    def __init__(self, value: str | None) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._value:
            request.headers["Authorization"] = self._value
        return request


class _Trusting(HTTPAdapter):
    """Trusts one more certificate authority."""

    def __init__(self, ca: str) -> None:
        self._context = ssl.create_default_context()
        self._context.load_verify_locations(cadata=ca)
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more, ssl_context=self._context)


@contextmanager
def _quiet() -> Iterator[None]:
    """Turn an address that makes no sense into an unanswered request."""
    try:
        yield
    except (UnicodeError, ValueError) as error:
        if isinstance(error, requests.RequestException):
            raise
        raise requests.exceptions.InvalidURL(str(error)) from None


def _is_loopback(server: str) -> bool:
    host = server.partition(":")[0]
    return host == "localhost" or host.startswith("127.")


def _wait(attempt: int, told: str) -> float:
    return min(float(told), LONGEST_PAUSE) if told.isdigit() else float(2 ** (attempt - 1))


def reason(error: Exception) -> str:
    """Return the innermost reason in few words: urllib3 wraps it three times, with addresses of objects."""
    text = str(error)
    for mark in ("Errno ", "] "):
        if mark in text:
            text = text.rpartition(mark)[2]
    text = re.sub(r"<[^>]*>:? ?|[)'\"]+$", "", text)
    return f"{type(error).__name__}: {text.strip() or 'no answer'}"
