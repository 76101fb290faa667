"""What is written down stays as it is: files of earlier versions have to be read for ever."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from release import contents, log
from release.told import told
from spec import release_file
from spec.promotion import Approval, FreezeOff, FreezeOn, OutOfBand, Override
from tests.conftest import GOLDEN, Golden
from tests.releases import NOON, applied, image, promoted, release, verified

OLD = release(1, images={"web": image("a"), "db": image("d", "15.4", "registry.test/postgres")})
NEW = release(
    2,
    images={"web": image("b", "2.0"), "worker": image("c", None, "registry.test/worker")},
    commit="f" * 40,
    providers={"pulumi": "3.274.1"},
    policies={"policy": "0.1.0"},
    changelog=("Adds a page: the third", 'Mends "it" # for good'),
)
RECORDS = (
    promoted(NEW.id).model_copy(update={"plans": {"dev": "ab" * 32}, "states": {"dev": "cd" * 32}, "risk": "warn"}),
    Approval(at=NOON, by="Bob", release=NEW.id, reason="looked at it"),
    applied(NEW.id, NOON + timedelta(minutes=1), "begun"),
    applied(NEW.id, NOON + timedelta(minutes=2)),
    verified(NEW.id, NOON + timedelta(minutes=3), ok=False),
    FreezeOn(at=NOON, by="Eve", reason="an incident", until=NOON + timedelta(hours=1)),
    Override(at=NOON, by="Ada", release=NEW.id, gates=("freeze", "window"), reason="the mend"),
    FreezeOff(at=NOON, by="Eve", reason="it is over"),
    OutOfBand(at=NOON, by="Ada", stack="dev", update="1795594446", reason="an outage"),
)


def test_a_release_file(golden: Golden) -> None:
    golden.check("release.yaml", release_file.render(NEW))


def test_a_release_file_of_before_is_read() -> None:
    assert release_file.parse((GOLDEN / "release.yaml").read_text(), f"{NEW.id}.yaml") == NEW


def test_a_log_and_what_is_told_of_it(golden: Golden, tmp_path: Path) -> None:
    path = log.append(tmp_path, "dev", *RECORDS)
    text = (tmp_path / path).read_text()
    golden.check("promotions.jsonl", text)
    golden.check("promotions.txt", "".join(f"{each.by}: {told(each)}\n" for each in log.read(tmp_path, "dev")))


def test_what_a_release_changes(golden: Golden) -> None:
    golden.check("release-diff.txt", "\n".join(contents.lines(contents.differences(OLD, NEW))) + "\n")
    assert contents.differences(NEW, NEW) == ()
