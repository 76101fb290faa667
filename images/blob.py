"""Blobs from one registry to another, in pieces: what breaks off goes on where it broke off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import requests

from images.reference import Reference
from images.registry import Registry, pull, push
from images.session import reason
from spec.errors import ImageError

PIECE = 8 * 1024**2
"""Bytes sent at once, and lost at most when a connection breaks."""
BREAKS = 5
"""How often in a row a transfer may break without getting further."""


@dataclass(frozen=True)
class Blob:
    """A layer or a configuration."""

    digest: str
    size: int


def there(target: Registry, place: Reference, blob: Blob) -> bool:
    """Whether a repository has a blob already."""
    answer = target.session.ask("HEAD", f"/v2/{place.repository}/blobs/{blob.digest}", pull(place))
    if answer.ok or answer.status_code == 404:
        return answer.ok
    raise target.refusal(answer, place)


def copy(
    source: Registry, origin: Reference, target: Registry, place: Reference, blob: Blob,
    mount: str | None = None, told: Callable[[int], None] = lambda _: None,
) -> bool:  # fmt: skip
    """Copy a blob; False when the target took it from its own repository `mount` instead. `told`: bytes so far.

    A broken upload goes on behind the last byte that the target has, or begins anew where it refuses that: as Docker's
    registry 2.8 does for a piece that came in part ("upload resumed at wrong offset"). Raises ImageError when it gets
    no further, and when the content isn't what the digest says.
    """
    location = _begin(target, place, blob, mount)
    if location is None:
        return False
    offset, breaks, furthest = 0, 0, 0
    while offset < blob.size or not blob.size:
        try:
            for piece in pieces(source, origin, blob, offset):
                location, offset = _send(target, place, location, piece, offset)
                told(offset)
        except (requests.RequestException, _BrokenError) as error:
            breaks = 0 if offset > furthest else breaks + 1
            furthest = max(offset, furthest)
            if breaks >= BREAKS:
                found = f"its part {blob.digest[:19]} breaks off again and again ({reason(error)})"
                fix = f"see that {source.host} and {target.host} can be reached, and run it again: what arrived stays"
                raise ImageError(f"image {place}", found, fix) from None
            target.session.rest(breaks)
            location, offset = _again(target, place, location, blob)
        if not blob.size:
            break
    _finish(target, place, location, blob)
    return True


def pieces(source: Registry, origin: Reference, blob: Blob, start: int = 0) -> Iterator[bytes]:
    """Yield a blob from byte `start` on, in pieces of at most PIECE bytes. Raises ImageError, RequestException."""
    path = f"/v2/{origin.repository}/blobs/{blob.digest}"
    headers = {"Range": f"bytes={start}-"} if start else {}
    with source.session.ask("GET", path, pull(origin), headers=headers, stream=True) as answer:
        if not answer.ok:
            raise source.refusal(answer, origin)
        skip = start if answer.status_code == 200 else 0  # it knows no ranges
        left, buffer = blob.size - start, b""
        for data in answer.iter_content(1024**2):
            fresh, skip = data[skip:], max(0, skip - len(data))
            buffer += fresh
            while len(buffer) >= PIECE:
                yield buffer[:PIECE]
                buffer, left = buffer[PIECE:], left - PIECE
        if len(buffer) < left:
            if buffer:
                yield buffer
            raise _BrokenError(f"the source sent {left - len(buffer)} bytes too few")
        if buffer:
            yield buffer


class _BrokenError(Exception):
    """A transfer broke off, and may go on."""


def _begin(target: Registry, place: Reference, blob: Blob, mount: str | None) -> str | None:
    more = f"?mount={blob.digest}&from={mount}" if mount else ""
    answer = target.session.ask("POST", f"/v2/{place.repository}/blobs/uploads/{more}", push(place))
    if answer.status_code == 201:
        return None
    if answer.status_code != 202:
        raise target.refusal(answer, place)
    return target.session.whole(answer.headers["Location"])


def _send(target: Registry, place: Reference, location: str, piece: bytes, offset: int) -> tuple[str, int]:
    end = offset + len(piece)
    headers = {"Content-Type": "application/octet-stream", "Content-Range": f"{offset}-{end - 1}"}
    answer = target.session.ask("PATCH", location, push(place), data=piece, headers=headers, raw=True)
    if answer.status_code == 416 or answer.status_code >= 500:
        raise _BrokenError(f"{answer.status_code} {answer.reason}")
    if answer.status_code not in (201, 202, 204):
        raise target.refusal(answer, place)
    return target.session.whole(answer.headers.get("Location", location)), end


def _again(target: Registry, place: Reference, location: str, blob: Blob) -> tuple[str, int]:
    """Return where a broken upload goes on, and behind which byte; a new one when the target knows it no more."""
    answer = target.session.ask("GET", location, push(place))
    last = answer.headers.get("Range", "").rpartition("-")[2]
    if answer.status_code == 204 and last.isdigit() and int(last):  # `0-0` is told for one byte and for none
        return target.session.whole(answer.headers.get("Location", location)), int(last) + 1
    fresh = _begin(target, place, blob, None)
    if fresh is None:
        raise ImageError(f"image {place}", "its registry ends an upload before it began", "try again")
    return fresh, 0


def _finish(target: Registry, place: Reference, location: str, blob: Blob) -> None:
    joint = "&" if "?" in location else "?"
    answer = target.session.ask("PUT", f"{location}{joint}digest={blob.digest}", push(place))
    if answer.status_code == 400:
        found = f"the content of {blob.digest} isn't what its digest says"
        raise ImageError(f"image {place}", found, "the source is broken: push the image there anew, then try again")
    if answer.status_code != 201:
        raise target.refusal(answer, place)
