"""A promotion is one commit on one branch, made when the gates are open; of two at once one is told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from release.promote import Previewed, Wish, make, ready
from release.repository import Repository
from spec.errors import ReleaseError
from spec.promotion import FreezeOn, Override, Promotion
from tests.releases import applied, declared, image, verified
from tests.unit.release.project import Project, kinds
from tests.unit.review.repository import grown

NOW = datetime.now(UTC).replace(microsecond=0)


def last(project: Project, environment: str, revision: str) -> Promotion:
    found = [each for each in project.log(environment, revision) if isinstance(each, Promotion)]
    return found[-1]


def test_a_promotion_changes_one_line_and_says_so_in_the_log(project: Project) -> None:
    release = project.released()
    head, before = project.git("rev-parse", "HEAD"), project.text("dev", "HEAD")
    done = project.run("promote", release.id, "--to", "dev")
    assert done.exit_code == 0, done.exception
    assert project.git("rev-parse", "HEAD") == head
    assert project.git("status", "--porcelain") == ""
    assert project.git("rev-parse", "promote/dev~1") == head
    changed = project.git("diff", "--name-only", "HEAD", "promote/dev").split()
    assert changed == ["stacks/Pulumi.dev.yaml", "stacks/promotions/dev.jsonl"]
    assert project.text("dev", "promote/dev") == f"{before.rstrip()}\n  longshore:release: {release.file}\n"
    record = last(project, "dev", "promote/dev")
    assert (record.release, record.before, record.commit, record.risk) == (release.id, None, head, "")
    assert set(record.plans) == set(record.states) == {"dev"}
    assert "image web: - -> registry.test/web:1.0@aaaaaaaa" in done.stdout
    assert "then: merge promote/dev, and longshore release apply dev" in done.stdout


def test_it_can_be_told_by_the_beginning_of_its_name_and_as_json(project: Project) -> None:
    release = project.released()
    told = json.loads(project.run("promote", release.id[:12], "--to", "dev", "--json").stdout)
    assert (told["environment"], told["branch"]) == ("dev", "promote/dev")
    assert told["commit"] == project.git("rev-parse", "promote/dev")
    assert told["record"]["release"] == release.id
    assert [each["name"] for each in told["gates"]][:2] == ["order", "soak"]
    assert told["review"]["stacks"][0]["stack"] == "dev"


def test_the_real_preview_is_of_the_stack_as_it_would_be(project: Project) -> None:
    release = project.released()
    project.plays("dev", grown())
    done = project.run("promote", release.id, "--to", "dev", "--output", str(project.root.parent / "report"))
    assert done.exit_code == 0, done.exception
    asked = next(words for _, words, _ in project.calls() if words[0] == "preview")
    assert "--config-file" in asked
    assert not Path(asked[asked.index("--config-file") + 1]).exists()
    assert "longshore:release" in (project.root.parent / "report" / "review.md").read_text()
    assert last(project, "dev", "promote/dev").risk == "warn"
    assert "w1" in project.git("notes", "--ref=longshore-review", "show", "promote/dev")


def test_a_risk_that_nobody_acknowledged_is_told_at_once(project: Project) -> None:
    release = project.released()
    text = (project.root / "stacks/environments.yaml").read_text()
    strict = text.replace("stacks: [dev]", "stacks: [dev]\n    gates: {max_risk: note}")
    project.write("stacks/environments.yaml", strict)
    project.commit()
    project.plays("dev", grown())
    done = project.run("promote", release.id, "--to", "dev")
    assert "still failed: risk: warn, and only up to note is let through; acknowledge it" in done.stdout
    project.git("branch", "--quiet", "-D", "promote/dev")
    done = project.run("promote", release.id, "--to", "dev", "--override", "risk", "--reason", "known")
    assert "still" not in done.stdout
    assert kinds(project.log("dev", "promote/dev")) == ["promote", "override"]


def test_a_preview_that_fails_makes_no_promotion(project: Project) -> None:
    release = project.released()
    project.fails("dev", "error: the vCenter is away")
    assert "stack dev: its preview with" in project.refused("promote", release.id, "--to", "dev")
    assert project.committed.tip("promote/dev") is None


def test_what_is_not_verified_upstream_goes_no_further(project: Project) -> None:
    release = project.released()
    said = project.refused("promote", release.id, "--to", "staging")
    assert "order: was not applied to dev" in said
    project.records("dev", applied(release.id), verified(release.id))
    assert project.run("promote", "--from", "dev", "--to", "staging").exit_code == 0
    assert last(project, "staging", "promote/staging").release == release.id


def test_a_gate_is_gone_past_with_a_reason_that_is_logged(project: Project) -> None:
    release = project.released()
    project.records("staging", FreezeOn(at=NOW, by="Eve", reason="an incident"))
    words = ("promote", release.id, "--to", "staging", "--override", "order, freeze")
    assert "--reason: says nothing" in project.refused(*words)
    assert "freeze: Eve" in project.refused(*words[:-1], "order", "--reason", "x")
    assert "there is no such gate" in project.refused(*words[:-1], "ordre", "--reason", "x")
    assert project.run(*words, "--reason", "it is the mend").exit_code == 0
    records = project.log("staging", "promote/staging")
    assert kinds(records) == ["freeze", "promote", "override"]
    assert isinstance(records[-1], Override)
    assert (records[-1].gates, records[-1].reason) == (("order", "freeze"), "it is the mend")


def test_the_emergency_stop_can_not_be_gone_past(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    release = project.released()
    monkeypatch.setenv("LONGSHORE_FREEZE", "all hands")
    said = project.refused("promote", release.id, "--to", "dev", "--override", "freeze", "--reason", "x")
    assert "freeze: LONGSHORE_FREEZE: all hands" in said


def test_directly_it_lands_on_the_branch_that_is_checked_out(project: Project) -> None:
    release = project.released()
    assert project.run("promote", release.id, "--to", "dev", "--direct").exit_code == 0
    assert project.committed.tip("promote/dev") is None
    assert release.file in (project.root / "stacks/Pulumi.dev.yaml").read_text()
    assert kinds(project.log("dev")) == ["promote"]
    assert "is promoted to it already" in project.refused("promote", release.id, "--to", "dev", "--direct")
    assert project.run("promote", release.id, "--to", "dev", "--direct", "--again").exit_code == 0
    assert kinds(project.log("dev")) == ["promote", "promote"]


def test_a_second_promotion_waits_for_the_first_to_be_merged(project: Project) -> None:
    first, second = project.released(), project.released(images={"web": image("b")})
    assert project.run("promote", first.id, "--to", "dev").exit_code == 0
    said = project.refused("promote", second.id, "--to", "dev")
    assert f"another promotion to dev is open: Ann promotes {first.id}" in said
    assert "git branch -D promote/dev" in said
    project.git("merge", "--quiet", "promote/dev")
    assert project.run("promote", second.id, "--to", "dev").exit_code == 0
    record = last(project, "dev", "promote/dev")
    assert (record.release, record.before) == (second.id, first.id)


def test_a_branch_that_was_merged_by_squashing_is_not_open_any_more(project: Project) -> None:
    first, second = project.released(), project.released(images={"web": image("b")})
    assert project.run("promote", first.id, "--to", "dev").exit_code == 0
    project.git("merge", "--quiet", "--squash", "promote/dev")
    project.git("commit", "--quiet", "-m", "Promote (#1)")
    assert project.run("promote", second.id, "--to", "dev").exit_code == 0
    assert last(project, "dev", "promote/dev").before == first.id


def test_a_branch_that_moves_while_it_is_claimed_is_not_taken_from_anybody(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = project.released(), project.released(images={"web": image("b")})
    project.git("branch", "promote/dev")  # merged long ago
    plan = ready(project.committed, declared(), Wish("dev", second.id), NOW)
    contains = Repository.contains

    def slow(self: Repository, commit: str, revision: str = "HEAD") -> bool:
        answer = contains(self, commit, revision)
        monkeypatch.setattr(Repository, "contains", contains)
        faster = ready(project.committed, declared(), Wish("dev", first.id), NOW)
        make(project.committed, faster, Previewed(), NOW)
        return answer

    monkeypatch.setattr(Repository, "contains", slow)
    with pytest.raises(ReleaseError, match=f"Ann promotes {first.id}"):
        make(project.committed, plan, Previewed(), NOW)
    assert last(project, "dev", "promote/dev").release == first.id


@pytest.mark.parametrize("direct", [False, True])
def test_of_two_at_once_one_wins_and_the_other_is_told(project: Project, direct: bool) -> None:
    releases = [project.released(), project.released(images={"web": image("b")})]
    wishes = [Wish("dev", each.id, direct=direct) for each in releases]
    plans = [ready(project.committed, declared(), each, NOW) for each in wishes]
    won = make(project.committed, plans[0], Previewed(), NOW)
    with pytest.raises(ReleaseError) as caught:
        make(project.committed, plans[1], Previewed(), NOW)
    assert ("has moved on since" if direct else f"Ann promotes {releases[0].id}") in str(caught.value)
    assert project.git("rev-parse", won.branch) == won.commit
    assert last(project, "dev", won.branch).release == releases[0].id
    assert len(project.git("worktree", "list").splitlines()) == 1


def test_two_clones_have_one_open_promotion(project: Project, tmp_path: Path) -> None:
    releases = [project.released(), project.released(images={"web": image("b")})]
    project.git("clone", "--quiet", "--bare", ".", str(tmp_path / "origin"))
    project.git("remote", "add", "origin", str(tmp_path / "origin"))
    assert project.run("promote", releases[0].id, "--to", "dev", "--push", "origin").exit_code == 0
    project.git("branch", "--quiet", "-D", "promote/dev")  # as in a clone that never saw it
    said = project.refused("promote", releases[1].id, "--to", "dev", "--push", "origin")
    assert said.startswith("push of promote/dev to origin: ")
    assert "another promotion is open there" in said
    assert project.committed.tip("promote/dev") is None


@pytest.mark.parametrize(
    "path", ["__main__.py", "stacks/Pulumi.dev.yaml", "stacks/environments.yaml", "stacks/promotions/dev.jsonl"]
)
def test_what_is_not_committed_is_not_promoted(project: Project, path: str) -> None:
    release = project.released()
    file = project.root / path
    project.write(path, (file.read_text() if file.exists() else "") + "\n")
    if path.endswith("jsonl"):
        project.write(path, "")
    assert "is not committed" in project.refused("promote", release.id, "--to", "dev")


def test_a_hand_edited_release_is_refused(project: Project) -> None:
    release = project.released()
    file = project.root / "stacks" / release.file
    file.write_text(file.read_text().replace("'1.0'", "'1.1'").replace("tag: 1.0", "tag: 1.1"))
    project.commit()
    assert "its content is not what was cut" in project.refused("promote", release.id, "--to", "dev")


def test_a_program_that_is_not_the_released_one_is_told(project: Project) -> None:
    release = project.released()
    project.write("spec.py", "new = True\n")
    project.commit()
    assert "program: 1 file changed since the release was cut: spec.py" in project.refused(
        "promote", release.id, "--to", "dev"
    )


def test_what_is_wrong_is_told_before_anything_is_asked(project: Project) -> None:
    assert "is not declared" in project.refused("promote", "x", "--to", "nowhere")
    assert "there is no such release" in project.refused("promote", "2026.01.01-1-00000000", "--to", "dev")
    assert "none is named" in project.refused("promote", "--to", "dev")
    assert "no release was applied to it" in project.refused("promote", "--from", "dev", "--to", "staging")
    project.released()
    project.released(images={"web": image("b")})
    assert "give more of its id" in project.refused("promote", "2026", "--to", "dev")
    assert project.calls() == []


def test_soak_is_asked_of_the_log_and_the_clock(project: Project) -> None:
    release = project.released()
    start = NOW - timedelta(hours=23)
    project.records("staging", applied(release.id, start), verified(release.id, start))
    said = project.refused("promote", release.id, "--to", "prod")
    assert re.search(r"soak: 23h.* of 1d in staging -> wait until 20", said)


def test_the_repository_is_left_as_it_was_when_a_commit_fails(project: Project) -> None:
    release = project.released()
    hook = project.root / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    assert "git commit: not today" in project.refused("promote", release.id, "--to", "dev")
    assert project.committed.tip("promote/dev") is None
    assert "git commit: not today" in project.refused("freeze", "dev", "--reason", "x")
    assert not (project.root / "stacks/promotions/dev.jsonl").exists()
