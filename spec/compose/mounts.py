"""Mounts of a compose service, short form and long (compose-spec, 05-services, volumes)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spec.compose.refusal import RefusalError
from spec.compose.values import size

NOT_ON_NODES = "a folder of this machine is on no node; use a config or an image, or an absolute path of the nodes"


def mount(item: Any, volumes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the MountSpec values of one entry, `volumes` being the file's own. Raises RefusalError."""
    told = _long(item) if isinstance(item, dict) else _short(str(item))
    match told["type"]:
        case "volume":
            return _volume(told, volumes)
        case "tmpfs":
            return _tmpfs(told)
        case "bind":
            return _bind(told)
        case other:
            raise RefusalError(f"mounts of type {other} are not supported", "use volume, bind or tmpfs")


def tmpfs(item: str) -> dict[str, Any]:
    """Return the MountSpec values of one entry of `tmpfs`: PATH, or PATH:OPTIONS."""
    target, _, options = item.partition(":")
    told = dict(each.partition("=")[::2] for each in options.split(",") if each)
    unknown = set(told) - {"size", "mode", "rw"}
    if unknown:
        raise RefusalError(f"options {', '.join(sorted(unknown))} are not supported", "use size and mode")
    return _without_nothing(
        {"kind": "tmpfs", "target": target, "size": _size(told.get("size")), "mode": told.get("mode")}
    )


def _short(text: str) -> dict[str, Any]:
    parts = text.split(":")
    if len(parts) == 1:
        raise RefusalError(f"{text} is an anonymous volume", "name it: `data:/path`, or use tmpfs")
    source, target, options = parts[0], parts[1], (parts[2].split(",") if len(parts) > 2 else [])
    unknown = set(options) - {"ro", "rw", "z", "Z", "nocopy"}
    if unknown:
        raise RefusalError(f"options {', '.join(sorted(unknown))} are not supported", "use the long form")
    is_path = source.startswith((".", "/", "~"))
    return {
        "type": "bind" if is_path else "volume",
        "source": source,
        "target": target,
        "read_only": "ro" in options,
        "volume": {"nocopy": "nocopy" in options},
    }


def _long(item: dict[str, Any]) -> dict[str, Any]:
    if (item.get("volume") or {}).get("subpath"):
        raise RefusalError("a part of a volume can't be mounted", "mount the whole volume")
    return item


def _volume(told: dict[str, Any], volumes: Mapping[str, Any]) -> dict[str, Any]:
    if not told.get("source"):
        raise RefusalError("an anonymous volume", "name it, or use tmpfs")
    declared = volumes.get(told["source"]) or {}
    return _without_nothing(
        {
            "kind": "volume",
            "source": declared.get("name") or told["source"],
            "target": told["target"],
            "read_only": bool(told.get("read_only")),
            "driver": declared.get("driver"),
            "options": {key: str(value) for key, value in (declared.get("driver_opts") or {}).items()} or None,
            "copy_image_data": False if (told.get("volume") or {}).get("nocopy") else None,
        }
    )


def _tmpfs(told: dict[str, Any]) -> dict[str, Any]:
    options = told.get("tmpfs") or {}
    mode = options.get("mode")
    octal = f"{mode:04o}" if isinstance(mode, int) else mode
    return _without_nothing(
        {"kind": "tmpfs", "target": told["target"], "size": _size(options.get("size")), "mode": octal}
    )


def _bind(told: dict[str, Any]) -> dict[str, Any]:
    source = str(told.get("source", ""))
    if not source.startswith("/"):
        raise RefusalError(f"mounts {source or 'nothing'}", NOT_ON_NODES)
    propagation = (told.get("bind") or {}).get("propagation")
    return _without_nothing(
        {
            "kind": "bind",
            "source": source,
            "target": told["target"],
            "read_only": bool(told.get("read_only")),
            "propagation": propagation,
        }
    )


def _size(value: Any) -> str | None:

    return None if value is None else size(value)


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
