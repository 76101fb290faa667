"""Building and pushing through an engine: what it answers, and what is made of its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from docker.api import APIClient
from docker.errors import APIError

from images import build
from images.build import Source
from spec.errors import EngineError, LongshoreError

BUILT: list[dict[str, Any]] = [
    {"stream": "Step 1/2 : FROM base\n"}, {"stream": "\n"}, {"stream": " ---> abc\nStep 2/2 : COPY . /app\n"},
    {"aux": {"ID": "sha256:123456789abcdef"}}, {"stream": "Successfully built 123456789abc\n"},
]  # fmt: skip
PUSHED: list[dict[str, Any]] = [
    {"status": "The push refers to repository [r.test/web]"},
    {"status": "push-1: digest: sha256:d", "aux": None},
    {"progressDetail": {}, "aux": {"Tag": "push-1", "Digest": "sha256:d", "Size": 7}},
]


class Engine:
    """What an engine says; and what it was asked."""

    def __init__(self, says: list[dict[str, Any]]) -> None:
        self._says = says
        self.asked: list[Any] = []

    def build(self, **asked: Any) -> Iterator[dict[str, Any]]:
        assert asked.pop("decode")
        self.asked.append(asked)
        return iter(self._says)

    def tag(self, *asked: str) -> bool:
        self.asked.append(asked)
        return True

    def push(self, *asked: str, stream: bool, decode: bool) -> Iterator[dict[str, Any]]:
        assert stream
        assert decode
        self.asked.append(asked)
        return iter(self._says)


def client(engine: Engine) -> APIClient:
    return cast(APIClient, engine)


def test_a_build_gives_the_images_id_and_says_its_steps() -> None:
    engine, said = Engine(BUILT), list[str]()
    made = build.build(client(engine), Source(Path("app"), "web/Dockerfile", {"V": "1"}), said.append)
    assert made == "sha256:123456789abcdef"
    assert said == ["Step 1/2 : FROM base", " ---> abc", "Step 2/2 : COPY . /app", "Successfully built 123456789abc"]
    [asked] = engine.asked
    assert (asked["path"], asked["dockerfile"], asked["buildargs"]) == ("app", "web/Dockerfile", {"V": "1"})
    assert asked["rm"]
    assert asked["forcerm"]


def test_a_build_that_fails_says_its_steps_and_then_why() -> None:
    engine, said = Engine([*BUILT[:3], {"errorDetail": {}, "error": "COPY failed: no such file\n"}]), list[str]()
    with pytest.raises(
        LongshoreError, match=r"can't be built: COPY failed: no such file\n.* looked for in app"
    ) as caught:
        build.build(client(engine), Source(Path("app")), said.append)
    assert said[-1] == "Step 2/2 : COPY . /app"
    assert caught.value.where == "app/Dockerfile"
    assert caught.value.exit_code == 1


def test_a_push_tags_first_and_gives_the_registrys_digest() -> None:
    engine = Engine(PUSHED)
    assert build.push(client(engine), "sha256:123", "r.test/web", "push-1") == "sha256:d"
    assert engine.asked == [("sha256:123", "r.test/web", "push-1"), ("r.test/web", "push-1")]


@pytest.mark.parametrize(
    ("says", "found"),
    [([{"error": "denied: no access"}], "refused: denied: no access"), ([{"status": "done"}], "without a digest")],
)
def test_a_push_that_is_refused_or_tells_no_digest_is_an_error(says: list[dict[str, Any]], found: str) -> None:
    with pytest.raises(EngineError, match=found):
        build.push(client(Engine(says)), "i", "r.test/web", "t")


@pytest.mark.parametrize(("folder", "file", "found"), [("none", "D", "is no folder"), (".", "none", "is no file")])
def test_a_source_that_is_not_there_is_told(tmp_path: Path, folder: str, file: str, found: str) -> None:
    with pytest.raises(LongshoreError, match=found):
        Source(tmp_path / folder, file).check()


def test_an_engine_that_does_not_answer_is_told_by_its_place(tmp_path: Path) -> None:
    host = f"unix://{tmp_path}/no.sock"
    with pytest.raises(EngineError, match="no Docker Engine answers") as caught, build.engine({"DOCKER_HOST": host}):
        pass
    assert caught.value.where == host


def test_what_an_engine_refuses_later_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []

    class Client:
        def __init__(self, **asked: Any) -> None:
            assert asked["base_url"] == "tcp://h:1"

        def close(self) -> None:
            closed.append(True)

    monkeypatch.setattr(build, "APIClient", Client)
    with (
        pytest.raises(EngineError, match="tcp://h:1: the engine refuses: no such image"),
        build.engine({"DOCKER_HOST": "tcp://h:1"}),
    ):
        raise APIError("no such image")
    assert closed == [True]
