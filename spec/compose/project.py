"""Compose files -> the networks, configs, secrets and services of a stack file."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from dotenv import dotenv_values
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError, best_match

from spec.compose.findings import Findings
from spec.compose.interpolate import interpolated
from spec.compose.merge import laid_over, merged, named
from spec.compose.reference import ComposeSpec
from spec.compose.service import Context, service
from spec.compose.source import Document, read
from spec.errors import SpecError

Values = dict[str, Any]


@dataclass(frozen=True)
class Project:
    """What the stack file would say, and what was left out on the way."""

    sections: dict[str, Values]
    warnings: list[str]


def project(spec: ComposeSpec, root: Path) -> Project:
    """Read, merge, interpolate and map the files of `spec`, whose paths are relative to `root`.

    Raises SpecError with everything that Swarm can't honour, each with its file and line.
    """
    document = _whole(spec, root)
    findings = Findings(document)
    chosen = {name: each for name, each in _services(document).items() if _is_on(each, spec.profiles)}
    volumes = document.data.get("volumes") or {}
    services = {name: service(each, Context(name, spec.variables, volumes, findings)) for name, each in chosen.items()}
    sections = {
        "networks": _networks(document, services, findings),
        "configs": _configs(document, spec, findings),
        "secrets": _secrets(document, findings),
        "services": services,
    }
    findings.raise_any()
    return Project({key: each for key, each in sections.items() if each}, findings.warnings)


def _whole(spec: ComposeSpec, root: Path) -> Document:
    whole = _file(root, spec.files[0], spec)
    for name in spec.files[1:]:
        whole = merged(whole, _file(root, name, spec))
    return whole


def _file(root: Path, name: str, spec: ComposeSpec, seen: tuple[str, ...] = ()) -> Document:
    """Return one file, valid, interpolated, its services in full and its paths relative to the project."""
    document = interpolated(read(root, name), spec.variables)
    _validate(document)
    if document.data.get("include"):
        raise SpecError(document.where("include"), "include is not supported", "name the file under compose.files")
    for service_name, told in _services(document).items():
        document.data["services"][service_name] = _extended(told, service_name, document, root, name, spec, seen)
    for kind in ("configs", "secrets"):
        for each in (document.data.get(kind) or {}).values():
            if each and "file" in each:
                each["file"] = _beside(name, each["file"])
    return document


def _extended(
    told: Values, service_name: str, document: Document, root: Path, name: str, spec: ComposeSpec, seen: tuple[str, ...]
) -> Values:
    told = _with_env_files(told, service_name, document, root, name)
    base = told.pop("extends", None)
    if base is None:
        return told
    base = {"service": base} if isinstance(base, str) else base
    where = document.where("services", service_name, "extends")
    other = _beside(name, base["file"]) if "file" in base else name
    step = f"{other}:{base['service']}"
    if step in seen or (other == name and base["service"] == service_name):
        raise SpecError(where, f"{service_name} extends itself", "break the circle")
    source = document if other == name else interpolated(read(root, other), spec.variables)
    if base["service"] not in _services(source):
        raise SpecError(where, f"{other} has no service {base['service']}", "name one that is there")
    parent = _services(source)[base["service"]]
    return laid_over(_extended(parent, base["service"], source, root, other, spec, (*seen, step)), told)


def _with_env_files(told: Values, service_name: str, document: Document, root: Path, name: str) -> Values:
    told = dict(told)
    listed = told.pop("env_file", None) or []
    env: dict[str, str | None] = {}
    for item in listed if isinstance(listed, list) else [listed]:
        entry = item if isinstance(item, dict) else {"path": item}
        path = _beside(name, entry["path"])
        try:
            content = (root / path).read_text()
        except OSError as error:
            if entry.get("required", True):
                where = document.where("services", service_name, "env_file")
                raise SpecError(where, f"{path} can't be read: {error.strerror}", "create it") from None
            continue
        env |= dotenv_values(stream=io.StringIO(content), interpolate=False)
    if env:
        told["environment"] = env | (named(told.get("environment")) or {})
    return told


def _services(document: Document) -> dict[str, Values]:
    return {name: each or {} for name, each in (document.data.get("services") or {}).items()}


def _is_on(told: Values, profiles: tuple[str, ...]) -> bool:
    own = told.get("profiles") or []
    return not own or "*" in profiles or bool(set(own) & set(profiles))


def _networks(document: Document, services: Values, findings: Findings) -> Values:
    declared = dict(document.data.get("networks") or {})
    used = {name for each in services.values() for name in each.get("networks", [])}
    if "default" in used:
        declared.setdefault("default", {})
    return {name: _network(name, declared[name] or {}, findings) for name in declared if name in used}


def _network(name: str, told: Values, findings: Findings) -> Values:
    place = ("networks", name)
    if told.get("external"):
        findings.refuse((*place, "external"), "a network of another stack can't be joined", "declare the services here")
    if told.get("driver", "overlay") not in ("overlay", "bridge", "default"):
        findings.refuse((*place, "driver"), "only overlay networks span nodes", "leave `driver` out")
    for key in ("internal", "enable_ipv6"):
        if told.get(key):
            findings.refuse((*place, key), "can't be honoured", "leave it out")
    values: Values = {}
    subnets = [each["subnet"] for each in (told.get("ipam") or {}).get("config") or [] if "subnet" in each]
    if subnets:
        values["subnet"] = subnets[0]
    if told.get("attachable"):
        values["attachable"] = True
    if "encrypted" in (named(told.get("driver_opts")) or {}):
        values["encrypted"] = True
    return values


def _configs(document: Document, spec: ComposeSpec, findings: Findings) -> Values:
    values: Values = {}
    for name, told in (document.data.get("configs") or {}).items():
        if told.get("external"):
            continue  # the stack file declares it
        if "file" in told:
            values[name] = {"file": told["file"]}
        elif "content" in told:
            values[name] = {"content": told["content"]}
        elif told.get("environment") in spec.variables:
            values[name] = {"content": spec.variables[told["environment"]]}
        else:
            findings.refuse(("configs", name), "has no content", "give file, content, or a variable of the stack")
    return values


def _secrets(document: Document, findings: Findings) -> Values:
    """Return the secrets that lie on the machine which runs Longshore: the stack file's own kind of source."""
    values: Values = {}
    for name, told in (document.data.get("secrets") or {}).items():
        if told.get("external"):
            continue  # the stack file declares it
        if "file" in told:
            values[name] = {"file": told["file"]}
        elif "environment" in told:
            values[name] = {"env": told["environment"]}
        else:
            fix = f"give file or environment, or declare it external: true and under longshore:secrets.{name}"
            findings.refuse(("secrets", name), "has no content", fix)
    return values


def _beside(name: str, path: str) -> str:
    """Return a path that is relative to file `name` as one relative to the project."""
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / path).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return str(PurePosixPath(*parts))


@cache
def _validator() -> Draft7Validator:
    return Draft7Validator(json.loads((files("spec.compose") / "compose-spec.json").read_text()))


def _validate(document: Document) -> None:
    problems = [_problem(error, document) for error in _validator().iter_errors(document.data)]
    if problems:
        raise SpecError("", "\n".join(sorted(problems)))


def _problem(error: ValidationError, document: Document) -> str:
    inner = best_match(error.context) if error.context else None
    place = tuple(error.absolute_path) if inner is None else tuple(inner.absolute_path)
    said = (inner or error).message
    return f"{document.where(*place)}: {'.'.join(map(str, place))}: {said}\n  -> see compose-spec.io"
