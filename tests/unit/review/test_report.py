"""Reports of whole stories, compared with committed ones, and the parts they are made of."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import Any

import pytest
from rich.console import Console

from review.build import from_lines
from review.gate import Verdict, exit_code
from review.model import Change
from review.report import data, terminal
from review.report.capacity import delta
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import GITHUB, GITLAB, PLAIN, Dialect
from review.report.escape import code, fence, prose
from review.report.lines import lines
from review.report.markdown import render
from review.report.plan import fit
from review.report.show import show
from review.report.tree import fold, rows
from spec.errors import ReviewError
from tests.conftest import Golden
from tests.unit.review import log, stories

STORIES = {"three-stacks": stories.three_stacks, "failed": stories.failed, "unchanged": stories.unchanged}


@pytest.mark.parametrize("dialect", [GITHUB, GITLAB, PLAIN], ids=lambda dialect: str(dialect.name))
@pytest.mark.parametrize("story", STORIES)
def test_markdown(story: str, dialect: Dialect, golden: Golden) -> None:
    golden.check(f"review/{story}.{dialect.name}.md", fit(STORIES[story](), dialect))


def test_terminal(golden: Golden) -> None:
    golden.check("review/three-stacks.txt", printed(stories.three_stacks(), colour=False))


def test_a_terminal_with_colour_gets_colour() -> None:
    assert "\x1b[1;31mInfrastructure" in printed(stories.failed(), colour=True)


def printed(review: Review, colour: bool) -> str:
    buffer = io.StringIO()
    terminal.show(
        review, Console(file=buffer, width=140, force_terminal=colour, color_system="standard" if colour else None)
    )
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def test_json_says_what_the_page_says() -> None:
    content = json.loads(data.render(stories.three_stacks()))
    assert (content["verdict"], content["exitCode"]) == ("blocked", 30)
    assert [stack["verdict"] for stack in content["stacks"]] == ["ok", "ack", "blocked"]
    assert content["stacks"][2]["counts"] == {"create": 1, "update": 1, "reboot": 4, "replace": 3, "delete": 0}
    assert any(risk["id"].startswith("SWARM-QUORUM-LOST-") for risk in content["stacks"][2]["risks"])


def test_an_acknowledged_risk_no_longer_waits_but_is_still_told() -> None:
    stack = stories.three_stacks().stacks[1]
    taken = StackReview(stack.model, stack.risks, stack.environment, {stack.risks[0].id})
    assert (stack.verdict, taken.verdict) == (Verdict.ACK, Verdict.OK)
    text = fit(Review((taken,)), GITHUB)
    assert "Acknowledged: 1" in text
    assert "### Needs acknowledgement" not in text


@pytest.mark.parametrize(
    ("verdicts", "detailed", "code_"),
    [
        ([], False, 0),
        ([Verdict.OK], False, 0),
        ([Verdict.OK], True, 10),
        ([Verdict.ACK, Verdict.OK], False, 20),
        ([Verdict.FAILED, Verdict.BLOCKED], False, 40),
    ],
)
def test_exit_codes(verdicts: list[Verdict], detailed: bool, code_: int) -> None:
    assert exit_code(verdicts, detailed) == code_


def text_of(before: Any, after: Any, path: str = "x", **more: Any) -> list[str]:
    change = Change(path=path, kind="update", before=before, after=after, **more)
    return [f"{line.sign} {line.text}" for line in lines(change)]


def test_json_inside_a_value_is_compared_leaf_by_leaf() -> None:
    assert text_of('{"a": {"b": 1}, "c": 2}', '{"a": {"b": 3}, "c": 2}') == ["- x → a.b: 1", "+ x → a.b: 3"]


def test_an_env_file_is_compared_by_name() -> None:
    assert text_of("A=1\nB=2\nC=3\nD=4", "B=2\nA=1\nC=3\nD=5") == ["- x → D: 4", "+ x → D: 5"]


def test_cloud_init_is_compared_by_its_keys_and_files_in_it_line_by_line() -> None:
    def user_data(word: str) -> str:
        return (
            f"#cloud-config\nwrite_files:\n- path: /a\n  content: |\n    one\n    two\n    three\n    {word}\nfoo: 1\n"
        )

    shown = text_of(user_data("four"), user_data("five"), 'extraConfig["guestinfo.userdata"]')
    assert shown[0] == '  extraConfig["guestinfo.userdata"] → write_files[/a].content:'
    assert shown[-2:] == ["-   four", "+   five"]


def test_yaml_that_could_explode_is_compared_as_text() -> None:
    bomb = "#cloud-config\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert text_of(bomb, bomb + "d: 1\n")[-1] == "+   d: 1"


def test_a_long_text_shows_its_differences_with_two_lines_of_context() -> None:
    old = "\n".join(f"line {n}" for n in range(40))
    assert text_of(old, old.replace("line 20", "LINE"))[1:] == [
        "    …",
        "    line 18",
        "    line 19",
        "-   line 20",
        "+   LINE",
        "    line 21",
        "    line 22",
    ]


def test_a_change_that_is_too_long_says_how_much_is_missing() -> None:
    old, new = ("\n".join(f"{word} {n}" for n in range(200)) for word in ("old", "new"))
    assert text_of(old, new)[-1] == "  … 362 more lines"


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("memory", 8192, "8192 MiB"),
        ("disks[data].size", 20, "20 GiB"),
        ("taskSpec.resources.limits.memoryBytes", 536870912, "512 MiB"),
        ("taskSpec.resources.limits.nanoCpus", 500000000, "0.5 cpus"),
        ("replicas", 3, "3"),
        ("x", True, "true"),
        ("x", "", '""'),
        ("x", {"a": [1]}, '{"a": [1]}'),
        ("x", "y" * 300, "y" * 240 + "… (300 characters)"),
        ("a.image", "web:1@sha256:" + "ab" * 32, "web:1@sha256:abababababab…"),
    ],
)
def test_values_are_shown_with_their_units(path: str, value: Any, shown: str) -> None:
    assert show(path, value) == shown


def test_names_are_folded() -> None:
    assert fold(["mgr-2", "mgr-1", "mgr-10"]) == "mgr-{1,2,10}"
    assert fold(["a-1-member", "a-2-member"]) == "a-{1,2}-member"
    assert fold(["web"]) == "web"


def test_capacity_adds_up() -> None:
    bigger = log.steps("update", log.VM, "w1", {"memory": 4096, "numCpus": 2}, {"memory": 8192, "numCpus": 4})
    gone = log.steps("delete", log.VM, "w2", {"memory": 2048, "numCpus": 1, "disks": [{"size": 20}]})
    assert str(delta(stories.stack_of("prod", [bigger, gone]).model)) == "+1 vCPU, +2 GiB memory, -20 GiB disk"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>hi</b> & *x*", "&lt;b&gt;hi&lt;/b&gt; &amp; \\*x\\*"),
        ("ask @team in #12", "ask @\u200bteam in #\u200b12"),
        ("see https://x.y", "see https://\u200bx.y"),
        ("`a` is <b>", "`a` is &lt;b&gt;"),
        ("one ` only <b>", "one ' only &lt;b&gt;"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_value_can_not_become_markup(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fence(["+ ```` x"])[0] == "`````diff"
    assert code("a`b\nc") == "`a'b c`"


def test_no_level_of_detail_drops_what_matters() -> None:
    for detail in Detail:
        text = render(stories.three_stacks(), GITHUB, detail)
        assert "3 blockers in prod" in text
        assert "SWARM-QUORUM-LOST" in text
        assert detail.omission in text
        assert "limits-set" in render(stories.failed(), GITHUB, detail)
        assert "template 'debian-12' not found" in render(stories.failed(), GITHUB, detail)


def test_levels_of_detail_only_ever_shrink() -> None:
    many = Review(tuple(stories.stack_of(f"prod-{n}", stories.template_bump()) for n in range(3)))
    sizes = [len(render(many, GITHUB, detail)) - len(detail.omission) for detail in Detail]
    assert all(later < earlier + 60 for earlier, later in pairwise(sizes)), sizes


def test_hundreds_of_stacks_with_the_longest_names_and_errors_fit() -> None:
    long = {"error": "&界" * 2000, "failed": True}
    stacks = []
    for number in range(300):
        one = stories.stack_of("prod", stories.template_bump())
        run = one.model.run.model_copy(update={"stack": f"{number}" + "界" * 90, **(long if number % 2 else {})})
        stacks.append(StackReview(one.model.model_copy(update={"run": run}), one.risks, "prod"))
    text = fit(Review(tuple(stacks)), GITHUB)
    assert len(text.encode()) <= GITHUB.budget
    assert "SWARM-QUORUM-LOST" in text
    assert "138 more failed previews" in text


def test_a_report_that_can_not_fit_is_refused_not_cut() -> None:
    with pytest.raises(ReviewError, match="does not fit"):
        fit(stories.three_stacks(), Dialect("tiny", 100, alerts=True, folds=True))


@pytest.mark.parametrize(
    ("names", "folded"),
    [
        (["web", "worker"], "{web,worker}"),
        (["lab-core-1", "lab-core-2"], "lab-core-{1,2}"),
        (["web-ready", "worker-ready"], "{web,worker}-ready"),
        (["a.one", "a.two"], "a.{one,two}"),
        (["pool-1", "pool-10"], "pool-{1,10}"),
    ],
)
def test_names_share_whole_words_only(names: list[str], folded: str) -> None:
    assert fold(names) == folded


def test_what_a_preview_can_not_tell_of_an_update_is_said() -> None:
    model = from_lines(log.lines(log.steps("update", log.VM, "a", {"x": 1}, {"x": 1})))
    (row,) = rows(StackReview.of(model))
    assert (row.group, row.note) == ("update", "what changes is not known before the update")


def test_an_update_of_options_alone_is_said_to_be_one() -> None:
    steps = log.steps("update", log.VM, "a", {"x": 1}, {"x": 1}, was={"protect": True})
    assert [row.group for row in rows(StackReview.of(from_lines(log.lines(steps))))] == ["secret"]


def test_a_message_that_is_repeated_is_told_once() -> None:
    warning = {"diagnosticEvent": {"severity": "warning", "message": "not known yet"}}
    model = from_lines(log.lines(extra=[warning] * 3))
    text = render(Review((StackReview.of(model),)), GITHUB, Detail.FULL)
    assert "Messages of (unknown stack): 1" in text
    assert "- warning: not known yet (said 3 times)" in text
