"""The policies as Pulumi takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policy import engine, infrastructure
from policy.document import FAMILIES as FAMILIES
from policy.rule import ADVISORY, MANDATORY, OFF, POLICIES, UNKNOWN, Around, Resource
from policy.rule import Policy as Rule
from review.rules.classes import kind_of
from spec.ingress import IngressSpec

SEVERITY = {MANDATORY: Severity.HIGH, ADVISORY: Severity.MEDIUM, OFF: Severity.LOW}
PORTS = PolicyConfigSchema({"ports": {"type": "array", "items": {"type": "integer"}}})
"""What --policy-pack-config may say to a policy: ports that are declared elsewhere than in the stack file."""


def serve() -> None:
    """Answer the engine until it is done."""
    pack = Pack()
    engine.listen(pack.bind)
    PolicyPack("longshore", pack.policies)


class Pack:
    """The policies, as binding as the stack's kind of environment has them; before it is known, as in production."""

    def __init__(self) -> None:
        self._ports: frozenset[int] | None = None
        self.policies: list[Policy] = [self._policy(rule) for rule in POLICIES.values()]
        self.bind("", {})

    def bind(self, stack: str, config: Mapping[str, str]) -> None:
        """Make every policy as binding as it is for this stack. `config`: the stack file's, structures as JSON."""
        services = config.get("longshore:services")
        ingress = json.loads(config.get("longshore:ingress") or "null")
        self._ports = ports_of(json.loads(services), ingress) if services else None
        for policy in self.policies:
            level = getattr(POLICIES[policy.name].levels, kind_of(stack))
            policy.enforcement_level, policy.severity = EnforcementLevel(level), SEVERITY[level]

    def _policy(self, rule: Rule) -> Policy:
        common: dict[str, Any] = {
            "name": rule.id,
            "description": rule.title,
            "config_schema": PORTS,
            "remediation_steps": rule.fix,
            "url": rule.source or None,
        }
        if rule.stack_wide:
            return StackValidationPolicy(validate=partial(self._judge_stack, rule), **common)
        return ResourceValidationPolicy(validate=partial(self._judge, rule), **common)

    def _judge(self, rule: Rule, args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type not in rule.types:
            args.not_applicable()
        for message in rule.findings(_resource(args, Around(self._declared(args.get_config())))):
            report(message, None)

    def _judge_stack(self, rule: Rule, args: StackValidationArgs, report: ReportViolation) -> None:
        every = [_resource(resource, Around()) for resource in args.resources]
        around = Around(self._declared(args.get_config()), infrastructure.managers(every))
        for resource in every:
            for message in rule.findings(replace(resource, around=around)):
                report(message, resource.urn)

    def _declared(self, config: Mapping[str, Any]) -> frozenset[int] | None:
        more = config.get("ports")
        return self._ports if more is None else (self._ports or frozenset()) | {int(port) for port in more}


def ports_of(services: Mapping[str, Any], ingress: Mapping[str, Any] | None = None) -> frozenset[int]:
    """Return the published ports of services and of the ingress, as the stack file has them."""
    own = frozenset(IngressSpec.model_validate(ingress).published().values() if ingress else ())
    return own | frozenset(int(port["published"]) for each in services.values() for port in each.get("ports") or ())


def plain(value: Any) -> Any:
    """Return properties as plain values: pulumi_policy's own raise when one is touched that isn't known yet."""
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return value


def _item(value: Any, key: Any) -> Any:
    try:
        return plain(value[key])
    except UnknownValueError:
        return UNKNOWN


def _resource(given: ResourceValidationArgs | PolicyResource, around: Around) -> Resource:
    return Resource(given.resource_type, given.name, plain(given.props), bool(given.opts.protect), given.urn, around)
