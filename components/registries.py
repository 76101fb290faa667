"""Logins at image registries, as the Docker provider wants them told.

They go to the provider, never to a service's own `auth`: any change of that replaces the service
(terraform-provider-docker, `resource_docker_service.go`, ForceNew), and tokens change.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pulumi
import pulumi_docker as docker

from spec.errors import SpecError
from spec.registry import LoginSpec
from spec.stack import ServicesPart

COMMAND_SECONDS = 60
REHEARSAL = "LONGSHORE_REHEARSAL"
"""Set where a program is only rehearsed (review/offline): then no command of a stack file is run."""
RegistryAuth = list[docker.ProviderRegistryAuthArgs]


def registry_auth(spec: ServicesPart, root: Path) -> RegistryAuth | None:
    """Return the provider's `registry_auth`, its passwords secret; commands are run, in `root`.

    Raises SpecError for a command that fails, takes more than a minute or prints no password.
    """
    found = []
    for host, login in spec.registries.items():
        password = _password(host, login, root)
        found.append(docker.ProviderRegistryAuthArgs(address=host, username=login.user, password=password))
    return found or None


def _password(host: str, login: LoginSpec, root: Path) -> pulumi.Output[str]:
    password: pulumi.Output[str] | None = login.password
    if password is not None:
        return password
    if REHEARSAL in os.environ:
        return pulumi.Output.secret("rehearsed")
    return pulumi.Output.secret(printed(f"registries.{host}.command", login.command, root))


def printed(where: str, command: tuple[str, ...], root: Path) -> str:
    """Return the password that a command prints. Raises SpecError; what it printed is never told."""
    shown = f"`{' '.join(command[:2])}{' …' if len(command) > 2 else ''}`"
    try:
        done = subprocess.run(
            command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS
        )
    except OSError as error:
        raise SpecError(where, f"{shown} can't be run: {error.strerror}", "install it, or mend its path") from None
    except subprocess.TimeoutExpired:
        raise SpecError(where, f"{shown} did not end within {COMMAND_SECONDS} seconds", "run it by hand") from None
    except UnicodeDecodeError:
        raise SpecError(where, f"{shown} prints no text", "let it print the password and nothing else") from None
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:]
        found = f"{shown} ended with {done.returncode}{f': {said[0]}' if said else ''}"
        raise SpecError(where, found, "run it by hand, and log in where it wants that")
    password = done.stdout.strip()
    if not password or "\n" in password:
        raise SpecError(where, f"{shown} prints no single line", "let it print the password and nothing else")
    return password
