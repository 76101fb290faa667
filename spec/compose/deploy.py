"""How a compose service is deployed: its `deploy` block, and the older keys beside it (compose-spec, deploy)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spec.compose.findings import Findings
from spec.compose.merge import named
from spec.compose.source import Place
from spec.compose.values import size, text

Values = dict[str, Any]
JOBS = "run it by a scheduler outside: the Docker provider knows no jobs"


def deploy(told: Values, findings: Findings, place: Callable[..., Place]) -> Values:
    """Return the ServiceSpec values of mode, placement, resources, restarts and rollouts."""
    block = told.get("deploy") or {}
    values = _mode(told, block, findings, place) | _placement(block)
    values |= _resources(told, block, findings, place) | _restart(told, block) | _rollout(block)
    if labels := named(block.get("labels")):
        values["labels"] = {key: text(each or "") for key, each in labels.items()}
    if "endpoint_mode" in block:
        values["endpoint_mode"] = block["endpoint_mode"]
    if _differs(block):
        fix = "leave rollback_config out: a rollback goes as the update does, and pauses when it fails"
        findings.warn(place("deploy", "rollback_config"), "is left out", fix)
    return values


def _mode(told: Values, block: Values, findings: Findings, place: Callable[..., Place]) -> Values:
    mode = block.get("mode", "replicated")
    if mode == "global":
        return {"mode": "global"}
    if mode != "replicated":
        findings.refuse(place("deploy", "mode"), f"{mode} can't be honoured", JOBS)
    count = block.get("replicas", told.get("scale"))
    return {} if count is None else {"replicas": count}


def _placement(block: Values) -> Values:
    told = block.get("placement") or {}
    values: Values = {}
    if told.get("constraints"):
        values["constraints"] = list(told["constraints"])
    spread = [each["spread"] for each in told.get("preferences") or [] if "spread" in each]
    if spread:
        values["spread"] = spread
    if told.get("max_replicas_per_node"):
        values["max_per_node"] = told["max_replicas_per_node"]
    return values


def _resources(told: Values, block: Values, findings: Findings, place: Callable[..., Place]) -> Values:
    resources = block.get("resources") or {}
    old = {"limits": {"cpus": told.get("cpus"), "memory": told.get("mem_limit")}}
    old["reservations"] = {"cpus": None, "memory": told.get("mem_reservation")}
    values: Values = {}
    for kind, older in old.items():
        given = {key: each for key, each in older.items() if each is not None} | (resources.get(kind) or {})
        for key in sorted(set(given) - {"cpus", "memory"}):
            findings.refuse(
                place("deploy", "resources", kind, key),
                "can't be honoured",
                "leave it out: it would be lost on the way",
            )
        amounts = {key: size(each) if key == "memory" else each for key, each in given.items() if key in older}
        if amounts:
            values[kind] = amounts
    return values


RESTARTS = {"no": "none", "always": "any", "unless-stopped": "any", "on-failure": "on-failure"}


def _restart(told: Values, block: Values) -> Values:
    policy = block.get("restart_policy")
    if policy is None:
        word, _, attempts = text(told.get("restart", "always")).partition(":")
        condition = RESTARTS.get({"false": "no"}.get(word, word), "any")
        policy = {"condition": condition} | ({"max_attempts": int(attempts)} if attempts else {})
        return {"restart": policy} if "restart" in told else {}
    kept = {key: policy[key] for key in ("condition", "max_attempts", "delay", "window") if key in policy}
    return {"restart": kept} if kept else {}


ROLLOUT = {
    "parallelism": "parallelism",
    "delay": "delay",
    "monitor": "monitor",
    "order": "order",
    "failure_action": "on_failure",
    "max_failure_ratio": "max_failure_ratio",
}


def _rollout(block: Values) -> Values:
    told = block.get("update_config") or {}
    values = {ours: told[theirs] for theirs, ours in ROLLOUT.items() if theirs in told}
    return {"rollout": values} if values else {}


def _differs(block: Values) -> bool:
    back, forth = block.get("rollback_config") or {}, block.get("update_config") or {}
    return any(back[key] != forth.get(key) for key in back if key != "failure_action")
