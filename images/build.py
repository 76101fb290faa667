"""An image made from a Dockerfile and pushed by an engine: the one seam of `longshore push` to that engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from docker.api import APIClient
from docker.errors import DockerException
from docker.utils import kwargs_from_env

from spec.errors import EngineError, LongshoreError

SECONDS = 600
"""How long the engine may be silent, in one step of a build or of a push."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Source:
    """What an image is made from."""

    context: Path
    dockerfile: str = "Dockerfile"
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Values of the Dockerfile's ARGs. They stay readable in the image's history: no secrets."""

    def check(self) -> None:
        """Raise LongshoreError when there is no such folder, or no Dockerfile in it."""
        if not self.context.is_dir():
            raise LongshoreError(str(self.context), "is no folder", "name the folder that the image is built from")
        if not (self.context / self.dockerfile).is_file():
            fix = "name it with --file, relative to that folder"
            raise LongshoreError(str(self.context / self.dockerfile), "is no file", fix)


@contextmanager
def engine(environment: Mapping[str, str]) -> Iterator[APIClient]:
    """Give the engine that DOCKER_HOST names, else this machine's. Raises EngineError when it doesn't answer."""
    where = environment.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    try:
        client = APIClient(
            version="auto", timeout=SECONDS, use_ssh_client=True, **kwargs_from_env(environment=dict(environment))
        )
    except (DockerException, requests.RequestException) as error:
        raise EngineError(where, f"no Docker Engine answers: {error}", "start it, or set DOCKER_HOST") from error
    try:
        yield client
    except (DockerException, requests.RequestException) as error:
        raise EngineError(where, f"the engine refuses: {error}", "see its log") from error
    finally:
        client.close()


def build(client: APIClient, source: Source, say: Say) -> str:
    """Build an image and return its id; `say` hears each line. Raises LongshoreError with the build's own error."""
    made = ""
    answer = client.build(
        path=str(source.context), dockerfile=source.dockerfile, buildargs=dict(source.arguments),
        rm=True, forcerm=True, decode=True,
    )  # fmt: skip
    for part in answer:
        if "error" in part:
            found = f"can't be built: {part['error'].strip()}"
            fix = f"mend it; what it copies is looked for in {source.context}"
            raise LongshoreError(str(source.context / source.dockerfile), found, fix)
        for line in part.get("stream", "").splitlines():
            if line.strip():
                say(line)
        made = (part.get("aux") or {}).get("ID", made)
    return made


def push(client: APIClient, image: str, repository: str, tag: str) -> str:
    """Push an image under a tag and return the digest that the registry gave it. Raises EngineError when it refuses."""
    client.tag(image, repository, tag)
    digest = ""
    answer: Any = client.push(repository, tag, stream=True, decode=True)
    for part in answer:
        if "error" in part:
            fix = "`docker login` there, and see that this machine's engine trusts its certificate"
            raise EngineError(repository, f"the push was refused: {part['error']}", fix)
        digest = (part.get("aux") or {}).get("Digest", digest)
    if not digest:
        raise EngineError(repository, "the push ended without a digest", "see the registry's log, then push again")
    return digest
