"""Containers are removed once and for all, whoever else removes them at the same moment."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
import requests
from docker.errors import APIError, NotFound

from lab import containers


def refusal(status: int) -> APIError:
    response = requests.Response()
    response.status_code = status
    return APIError("refused", response)


class Container:
    """A container whose removal ends as told."""

    def __init__(self, failure: Exception | None = None, gone: bool = False) -> None:
        self.failure, self.gone = failure, gone
        self.asked: list[dict[str, Any]] = []

    def remove(self, **options: Any) -> None:
        self.asked.append(options)
        if self.failure:
            raise self.failure

    def wait(self, **options: Any) -> None:
        self.asked.append(options)
        if self.gone:
            raise NotFound("gone")


class Client:
    """An engine with one container."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.containers = self

    def get(self, name: str) -> Container:
        if name != "lab-registry":
            raise NotFound(name)
        return self.container


def test_one_is_found_by_name() -> None:
    client: Any = Client(Container())
    assert containers.find(client, "lab-registry") is client.container
    assert containers.find(client, "other") is None


def test_it_goes_with_its_volumes_and_one_that_is_not_there_is_fine() -> None:
    client: Any = Client(Container())
    containers.remove(client, "lab-registry")
    containers.remove(client, "other")
    assert client.container.asked == [{"force": True, "v": True}]


@pytest.mark.parametrize("gone", [False, True])
def test_one_that_goes_already_is_waited_for(gone: bool) -> None:
    container: Any = Container(refusal(HTTPStatus.CONFLICT), gone)
    containers.discard(container)
    assert container.asked[1:] == [{"condition": "removed", "timeout": containers.SECONDS}]


def test_one_that_has_gone_is_not_waited_for() -> None:
    container: Any = Container(NotFound("gone"))
    containers.discard(container)
    assert len(container.asked) == 1


def test_any_other_refusal_is_told() -> None:
    container: Any = Container(refusal(HTTPStatus.INTERNAL_SERVER_ERROR))
    with pytest.raises(APIError):
        containers.discard(container)
