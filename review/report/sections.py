"""The parts of the Markdown report, each a few lines or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from review.gate import Verdict, is_acknowledged
from review.model import Drift
from review.report import diffs
from review.report.capacity import delta
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import Dialect
from review.report.escape import code, literal, prose
from review.report.fold import broken, folded, quoted
from review.report.lines import lines
from review.report.remarks import acknowledge
from review.risk import Risk, Severity

MOST = 12
"""Rows and messages that a bare report lists before it counts the rest."""
NAME = 40
"""Characters of a stack's name that are shown."""
ALERTS = {Severity.BLOCK: "CAUTION", Severity.ACK: "WARNING"}


def table(review: Review, detail: Detail, icons: Mapping[Verdict, str]) -> Iterator[str]:
    """A row for each stack; a bare report keeps those that need attention."""
    shown = sorted(review.stacks, key=lambda stack: -stack.verdict) if detail is Detail.BARE else list(review.stacks)
    kept = shown[:MOST] if detail is Detail.BARE else shown
    yield "| Stack | Verdict | Risk | + | ~ | ↻ | ± | − | Policy | Drift |"  # noqa: RUF001  the sign of the legend
    yield "|---|---|---|--:|--:|--:|--:|--:|---|---|"
    for stack in kept:
        policies, counts = stack.model.policies, " | ".join(map(str, stack.counts()))
        total = policies.passed + policies.failed
        checked = f"{policies.passed}/{total}" if total else "none"
        name = literal(stack.name[:NAME])
        name = f"**{name}**" if stack.verdict >= Verdict.ACK else name
        yield (
            f"| {name} | {icons[stack.verdict]} {stack.verdict.word} | {stack.level} | {counts} | {checked} | "
            f"{len(stack.model.drift) or 'none'} |"
        )
    if len(shown) > len(kept):
        yield f"| … {len(shown) - len(kept)} more | | | | | | | | | |"
    yield ""
    yield "Signs: + create · ~ update · ↻ reboot · ± replace · − delete"  # noqa: RUF001  a minus, as in the head
    yield ""


def failures(review: Review, detail: Detail) -> Iterator[str]:
    """Why a preview failed: its first error. In every report; a bare one lists MOST stacks and counts the rest."""
    failed = [stack for stack in review.stacks if stack.model.run.failed]
    if failed:
        yield "### Preview failed"
        kept, longest = (failed[:MOST], 100) if detail is Detail.BARE else (failed, 400)
        for stack in kept:
            yield f"- **{_name(stack)}**: {prose(stack.model.run.error or 'no error was given', longest)}"
        yield from _more(len(failed) - len(kept), "failed previews")
        yield ""


def attention(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """What blocks and what has to be acknowledged. In every report, never folded away."""
    for severity, title in ((Severity.BLOCK, "Blocks"), (Severity.ACK, "Needs acknowledgement")):
        found = _risks(review, severity)
        if not found:
            continue
        yield f"### {title}"
        if detail is Detail.BARE:
            yield from quoted(_by_rule(found), ALERTS[severity], dialect)
        else:
            body = [line for stack, risk in found for line in (*broken(_risk(stack, risk)), "")]
            yield from quoted(body[:-1], ALERTS[severity], dialect)
        yield ""


def warnings(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """Warnings and notes: folded, and told once for each rule when room is short."""
    for severity, title in ((Severity.WARN, "Warnings"), (Severity.NOTE, "Notes")):
        found = _risks(review, severity)
        if found:
            plain = [f"- **{risk.rule}** ({_name(stack)}) {prose(risk.what)}" for stack, risk in found]
            yield from folded(f"{title}: {len(found)}", plain if detail < Detail.PATHS else _by_rule(found), dialect)
    taken = [(stack, risk) for stack in review.stacks for risk in stack.risks if _is_taken(stack, risk)]
    if taken:
        yield from folded(f"Acknowledged: {len(taken)}", _by_rule(taken), dialect)


def policies(review: Review, detail: Detail) -> Iterator[str]:
    """Policies that failed. In every report."""
    found = [(stack, each) for stack in review.stacks for each in stack.model.policies.violations]
    if not found:
        return
    yield f"### Policies: {len(found)} failed"
    if detail is Detail.BARE:
        counts: dict[str, int] = defaultdict(int)
        for _, each in found:
            counts[each.policy] += 1
        shown = [f"- {code(policy[:40])}: {count}" for policy, count in sorted(counts.items())]
        yield from shown[:MOST]
        yield from _more(len(shown) - MOST, "policies")
    else:
        for stack, each in found:
            level, where = literal(each.enforcement), code(each.urn.rpartition("::")[2])
            yield f"- {code(each.policy)} ({level}, {_name(stack)}) {where}: {prose(each.message)}"
    yield ""


def stacks(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """What changes in each stack; what an earlier stack has already told is only counted."""
    told: dict[str, str] = {}
    for stack in sorted(review.stacks, key=lambda each: -each.verdict) if detail < Detail.COUNTS else ():
        if stack.model.changed:
            yield from diffs.stack(stack, told, dialect, detail)


def drift(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """What was changed outside, apart from what is proposed."""
    for stack in review.stacks:
        found = stack.model.drift
        if found and detail < Detail.COUNTS:
            title = f"Drift in {stack.name}: {len(found)} (not caused by this change)"
            yield from folded(title, [row for each in found for row in _drift(each, detail)], dialect)


def messages(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """The last warnings and errors of each preview, and what is to be known about its log."""
    for stack in review.stacks if detail < Detail.COUNTS else ():
        serious = [each for each in stack.model.diagnostics if each.severity != "info"][-20:]
        notes = [f"- {prose(note)}" for note in stack.model.run.notes]
        said = Counter(f"- {each.severity}: {prose(each.message, 500)}" for each in serious)
        notes += [text if count == 1 else f"{text} (said {count} times)" for text, count in said.items()]
        if notes:
            yield from folded(f"Messages of {stack.name}: {len(notes)}", notes, dialect)


def footer(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """Where the report comes from, what it costs, and what it leaves out."""
    facts = [f"base {review.base[:7]}"] if review.base else []
    facts += [f"{key} {value}" for key, value in list(review.provenance.items())[:MOST]]
    if detail < Detail.COUNTS:
        costs = [(stack.name, str(delta(stack.model))) for stack in review.stacks]
        facts += [f"{name}: {cost}" for name, cost in costs if cost]
    facts += [f"change {review.fingerprint()[:12]}"]
    if detail.omission:
        facts.append(f"**{detail.omission}**; `longshore review show` has everything")
    text = " · ".join(fact if fact.startswith("**") else literal(fact[:100]) for fact in facts)
    yield f"<sub>{text}</sub>" if dialect.folds else text


def _risks(review: Review, severity: Severity) -> list[tuple[StackReview, Risk]]:
    return [
        (stack, risk)
        for stack in review.stacks
        for risk in (stack.open_risks if severity > Severity.NOTE else stack.risks)
        if risk.severity is severity
    ]


def _is_taken(stack: StackReview, risk: Risk) -> bool:
    return is_acknowledged(risk, stack.acknowledged)


def _risk(stack: StackReview, risk: Risk) -> Iterator[str]:
    already = " *(already pending, not by this change)*" if stack.is_pending(risk) else ""
    yield f"**{risk.rule}** ({_name(stack)}) {prose(risk.what)}{already}"
    if risk.why:
        yield f"Why: {prose(risk.why)}."
    if risk.do:
        yield f"Instead: {prose(risk.do)}."
    if risk.severity is Severity.ACK:
        yield f"Or: {code(acknowledge(stack, risk))}"


def _by_rule(found: Iterable[tuple[StackReview, Risk]]) -> list[str]:
    """One line for each rule: its first sentence and how many more there are."""
    grouped: dict[str, list[tuple[StackReview, Risk]]] = defaultdict(list)
    for stack, risk in found:
        grouped[risk.rule].append((stack, risk))
    return [
        f"- **{rule}** ({_name(each[0][0])}) {prose(each[0][1].what, 80)}"
        + (f" … and {len(each) - 1} more" if len(each) > 1 else "")
        for rule, each in sorted(grouped.items())
    ]


def _drift(each: Drift, detail: Detail) -> list[str]:
    if each.kind == "delete":
        return [f"- {code(each.name)} was deleted outside"]
    paths = ", ".join(change.path for change in each.changes)
    head = f"- {code(each.name)} differs: {code(paths[:200])}"
    if detail >= Detail.PATHS:
        return [head]
    return [head, "", *diffs.block([line for change in each.changes for line in lines(change)]), ""]


def _name(stack: StackReview) -> str:
    return literal(stack.name[:NAME])


def _more(rest: int, what: str) -> Iterator[str]:
    if rest > 0:
        yield f"- … {rest} more {what}"
