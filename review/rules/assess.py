"""Every rule, asked of one model."""

from __future__ import annotations

from collections.abc import Iterator

from review.model import ChangeModel, digest
from review.risk import Risk, Severity, Surroundings
from review.rules.classes import severity
from review.rules.registry import RULES, Finding, Rule
from review.view import View


def assess(model: ChangeModel, surroundings: Surroundings | None = None) -> tuple[Risk, ...]:
    """Return every risk of a change, the gravest first, in a stable order."""
    view = View(model, surroundings or Surroundings(environment=model.run.stack))
    risks = [risk for rule in RULES.values() for risk in _risks(rule, view)]
    return tuple(sorted(risks, key=lambda risk: (-risk.severity, risk.rule, risk.urns)))


def _risks(rule: Rule, view: View) -> Iterator[Risk]:
    base = severity(rule.id, view.surroundings.environment, view.surroundings.classes)
    for finding in rule.check(view):
        grave = Severity(min(base + 1, Severity.BLOCK)) if finding.graver else base
        yield Risk(
            rule=rule.id,
            severity=grave,
            what=finding.what,
            why=finding.why,
            do=finding.do,
            urns=tuple(resource.urn for resource in finding.resources),
            fingerprint=_fingerprint(finding),
        )


def _fingerprint(finding: Finding) -> str:
    """Bind to the changes of the resources meant; a finding about the whole run binds to its sentence."""
    return digest([resource.fingerprint() for resource in finding.resources] or finding.what)[:8]
