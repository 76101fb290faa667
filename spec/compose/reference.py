"""Which compose files a stack takes its services from."""

from __future__ import annotations

from pydantic import Field

from spec.base import Spec


class ComposeSpec(Spec):
    """Compose files, merged in their order as `docker compose -f … -f …` does."""

    files: tuple[str, ...] = Field(min_length=1)
    """Their paths, relative to the project."""
    profiles: tuple[str, ...] = ()
    """The profiles whose services are taken too."""
    variables: dict[str, str] = {}
    """What `${NAME}` in them stands for. The shell's own variables don't count: a preview is the same for everyone."""
