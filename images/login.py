"""Who we are at a registry: what the stack says, else what Docker's own login left on this machine."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from images.reference import HUB
from spec.errors import ImageError

HUB_KEY = "https://index.docker.io/v1/"
"""What Docker's config.json calls Docker Hub."""
HELPER_SECONDS = 60
IDENTITY_TOKEN = "<token>"  # noqa: S105  a marker, not a token
"""The user name that marks a password as an identity token (docker/docker-credential-helpers)."""


@dataclass(frozen=True)
class Login:
    """A user and a password, or with the user `<token>` an identity token. The password is never printed."""

    user: str
    password: str = field(repr=False)


def from_docker(host: str, config: Path | None = None) -> Login | None:
    """Return what `docker login` left for `host`, in its file or by its credential helper; None when there is nothing.

    Raises ImageError for a file that can't be read and a helper that fails.
    """
    file = config or _config_file()
    if not file.exists():
        return None
    said = _read(file)
    key = HUB_KEY if host == HUB else host
    helper = _mapping(said, "credHelpers").get(host) or said.get("credsStore")
    if isinstance(helper, str) and helper:
        return _from_helper(helper, key)
    return _from_entry(_entry(_mapping(said, "auths"), key), f"{file}: auths.{key}")


def _config_file() -> Path:
    folder = os.environ.get("DOCKER_CONFIG")
    return (Path(folder) if folder else Path.home() / ".docker") / "config.json"


def _read(file: Path) -> Mapping[str, Any]:
    try:
        said = json.loads(file.read_text())
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict):
        raise ImageError(str(file), "can't be read as Docker's configuration", "mend it, or set DOCKER_CONFIG")
    return said


def _mapping(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = said.get(key)
    return found if isinstance(found, dict) else {}


def _entry(auths: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    for name in (key, f"https://{key}", f"https://{key}/v1/", f"https://{key}/v2/"):
        if isinstance(auths.get(name), dict):
            return dict(auths[name])
    return {}


def _from_entry(entry: Mapping[str, Any], where: str) -> Login | None:
    if entry.get("identitytoken"):
        return Login(IDENTITY_TOKEN, str(entry["identitytoken"]))
    if entry.get("username") and entry.get("password"):
        return Login(str(entry["username"]), str(entry["password"]))
    if not entry.get("auth"):
        return None
    try:
        user, colon, password = base64.b64decode(str(entry["auth"]), validate=True).decode().partition(":")
    except ValueError:
        user = colon = password = ""
    if not colon:
        raise ImageError(where, "`auth` is not the base64 of `user:password`", "run `docker login` once more")
    return Login(user, password.rstrip("\0"))


def _from_helper(helper: str, key: str) -> Login | None:
    """Ask a credential helper: its protocol is one line in, one JSON object out (docker/docker-credential-helpers)."""
    command = f"docker-credential-{helper}"
    try:
        done = subprocess.run([command, "get"], input=key, text=True, capture_output=True, timeout=HELPER_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ImageError(command, f"does not run: {type(error).__name__}", "install it, or log in without it") from None
    if done.returncode and "credentials not found" in done.stdout.lower():
        return None
    try:
        said = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        said = None
    if not isinstance(said, dict) or not said.get("Secret"):
        raise ImageError(command, f"gave no credentials for {key}", f"run `docker login {key}` once more")
    return Login(str(said.get("Username") or ""), str(said["Secret"]))
