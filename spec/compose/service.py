"""One compose service as the values of a ServiceSpec."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spec.compose.deploy import deploy
from spec.compose.findings import Findings
from spec.compose.keys import KEYS
from spec.compose.merge import named
from spec.compose.mounts import mount, tmpfs
from spec.compose.ports import ports
from spec.compose.refusal import RefusalError
from spec.compose.values import listed, octal, text, words

Values = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What a service's values depend on besides itself."""

    name: str
    variables: Mapping[str, str]
    volumes: Mapping[str, Any]
    findings: Findings

    def place(self, *keys: str | int) -> tuple[str | int, ...]:
        """Return where a key of this service is."""
        return ("services", self.name, *keys)


def service(told: Values, context: Context) -> Values:
    """Return what a ServiceSpec is validated from; what can't be honoured goes to the findings."""
    _judge(told, context)
    values: Values = {}
    for key, value in told.items():
        if key in SIMPLE:
            values[SIMPLE[key][0]] = SIMPLE[key][1](value)
    values |= _environment(told, context) | _networks(told) | _files(told) | _names(told)
    values |= _list("ports", told.get("ports"), context, ports)
    values |= _list("mounts", told.get("volumes"), context, lambda item: [mount(item, context.volumes)], "volumes")
    more = _list(
        "mounts", listed(told["tmpfs"]) if told.get("tmpfs") else None, context, lambda item: [tmpfs(item)], "tmpfs"
    )
    if more:
        values["mounts"] = [*values.get("mounts", []), *more["mounts"]]
    if "healthcheck" in told and (check := _healthcheck(told["healthcheck"])):
        values["healthcheck"] = check
    return values | deploy(told, context.findings, context.place)


SIMPLE: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "image": ("image", text),
    "entrypoint": ("command", words),
    "command": ("args", words),
    "user": ("user", text),
    "group_add": ("groups", listed),
    "working_dir": ("directory", text),
    "hostname": ("hostname", text),
    "init": ("init", bool),
    "read_only": ("read_only", bool),
    "cap_add": ("cap_add", listed),
    "cap_drop": ("cap_drop", listed),
    "stop_grace_period": ("stop_grace", text),
    "stop_signal": ("stop_signal", text),
    "sysctls": ("sysctls", lambda value: {key: text(each) for key, each in named(value).items()}),
    "x-routes": ("routes", list),
    "labels": ("container_labels", lambda value: {key: text(each or "") for key, each in named(value).items()}),
}


def _judge(told: Values, context: Context) -> None:
    for key in told:
        if key.startswith("x-"):
            continue
        fate = KEYS.get(key)
        if fate is None:
            context.findings.refuse(context.place(key), "unknown key", "remove it; see docs/compose.md")
        elif fate.status == "refused" and told[key] not in (None, False, [], {}):
            context.findings.refuse(context.place(key), "Swarm can't honour this", fate.says)
        elif fate.status == "warning":
            context.findings.warn(context.place(key), "is left out", fate.says)
    if not told.get("image"):
        fix = "build and push it with `longshore push`, and name the image"
        context.findings.refuse(context.place(), "has no image", fix)


def _list(
    name: str, items: list[Any] | None, context: Context, each: Callable[[Any], list[Values]], key: str | None = None
) -> Values:
    found: list[Values] = []
    for index, item in enumerate(items or []):
        try:
            found += each(item)
        except RefusalError as error:
            context.findings.refuse(context.place(key or name, index), str(error), error.fix)
        except ValueError as error:
            context.findings.refuse(context.place(key or name, index), str(error), "write it as 64m or 1g")
    return {name: found} if found else {}


def _environment(told: Values, context: Context) -> Values:
    env: dict[str, str] = {}
    for name, value in (named(told.get("environment")) or {}).items():
        if value is not None:
            env[name] = text(value)
        elif name in context.variables:
            env[name] = context.variables[name]
        else:
            fix = f"give it a value, or set compose.variables.{name} in the stack file"
            context.findings.refuse(context.place("environment", name), "has no value", fix)
    return {"env": env} if env else {}


def _networks(told: Values) -> Values:
    joined = told.get("networks") or ["default"]
    if isinstance(joined, list):
        return {"networks": joined}
    aliases = {name: each["aliases"] for name, each in joined.items() if each and each.get("aliases")}
    return {"networks": list(joined)} | ({"aliases": aliases} if aliases else {})


def _files(told: Values) -> Values:
    files = {
        "configs": [_file(each, "/{}") for each in told.get("configs") or []],
        "secrets": [_file(each, "{}") for each in told.get("secrets") or []],
    }
    return {kind: each for kind, each in files.items() if each}


def _file(item: Any, default: str) -> Values:
    if not isinstance(item, dict):
        return {"source": item, "target": default.format(item)}
    source = item["source"]
    mode = {"mode": octal(item["mode"])} if "mode" in item else {}
    return {"source": source, "target": item.get("target") or default.format(source), **mode}


def _names(told: Values) -> Values:
    values: Values = {}
    if hosts := dict(_hosts(told.get("extra_hosts"))):
        values["hosts"] = hosts
    dns = {"nameservers": told.get("dns"), "search": told.get("dns_search"), "options": told.get("dns_opt")}
    if any(dns.values()):
        values["dns"] = {key: listed(each) for key, each in dns.items() if each}
    if logging := told.get("logging"):
        options = {key: text(each) for key, each in (logging.get("options") or {}).items()}
        values["log"] = {"driver": logging.get("driver", "json-file"), "options": options}
    return values


def _hosts(told: Any) -> Iterator[tuple[str, str]]:
    if isinstance(told, dict):
        yield from ((name, listed(each)[0]) for name, each in told.items())
        return
    for item in told or []:
        name, _, address = item.partition("=" if "=" in item else ":")
        yield name.strip(), address.strip()


def _healthcheck(told: Values) -> Values | None:
    if told.get("disable"):
        return {"test": ["NONE", ""]}
    test = told.get("test")
    if test is None:
        return None
    values: Values = {"test": ["CMD-SHELL", test] if isinstance(test, str) else test}
    for key in ("interval", "timeout", "start_period"):
        if key in told:
            values[key] = text(told[key])
    return values | ({"retries": told["retries"]} if "retries" in told else {})
