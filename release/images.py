"""What a release's images are: each service's tag, resolved once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from images.reference import Reference, parse
from spec.errors import LongshoreError, ReleaseError
from spec.release import ReleaseImage

Resolve = Callable[[Reference], str]
"""Asks a registry what a reference means: the digest of the index, for several platforms. Raises ImageError."""
AT_ONCE = 8
FLOATING = "latest"


def resolved(wanted: Mapping[str, str], resolve: Resolve) -> dict[str, ReleaseImage]:
    """Return each service's image by digest; the same reference is asked for once.

    `wanted`: each service's reference. Raises ReleaseError with everything that can't be in a release: no tag,
    `latest`, and what no registry knows.
    """
    problems = [f"services.{name}.image: {_floating(text)}" for name, text in sorted(wanted.items()) if _floating(text)]
    digests, unknown = _asked({text for text in wanted.values() if not _floating(text)}, resolve)
    problems += [f"services.{name}.image: {unknown[text]}" for name, text in sorted(wanted.items()) if text in unknown]
    if problems:
        raise ReleaseError("release cut", "\n  ".join(["these images can't be in a release", *problems]), "mend them")
    return {name: _image(text, digests[text]) for name, text in sorted(wanted.items())}


def _floating(text: str) -> str:
    """Return why a reference means another image every day; nothing when it doesn't."""
    found = parse(text)
    if found.digest:
        return ""
    if found.tag is None:
        return f"{text} has no tag, which means `{FLOATING}`; name a tag that stays"
    return f"{text}: `{FLOATING}` means another image every day; name a tag that stays" * (found.tag == FLOATING)


def _asked(texts: set[str], resolve: Resolve) -> tuple[dict[str, str], dict[str, str]]:
    """Return the digests, and what went wrong with the others."""
    digests: dict[str, str] = {}
    problems: dict[str, str] = {}

    def one(text: str) -> None:
        try:
            digests[text] = resolve(parse(text))
        except LongshoreError as error:
            problems[text] = f"{error.where}: {error.found}; {error.fix}"

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for done in [pool.submit(one, text) for text in sorted(texts)]:
            done.result()
    return digests, problems


def _image(text: str, digest: str) -> ReleaseImage:
    """Return an image under the name that the stack file gives it, Docker Hub's short names included."""
    tag = parse(text).tag
    name = text.partition("@")[0]
    return ReleaseImage(repository=name.removesuffix(f":{tag}") if tag else name, tag=tag, digest=digest)
