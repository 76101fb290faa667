"""The provider itself: hands each request to its resource's handler, in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pulumi.provider.experimental import provider as sdk

from providers.swarm.clock import Clock
from providers.swarm.cluster import ClusterHandler
from providers.swarm.contract import ContractHandler
from providers.swarm.engine import EngineHandler
from providers.swarm.generated import GeneratedSecretHandler
from providers.swarm.handler import Call, Handler
from providers.swarm.narrator import Narrator
from providers.swarm.node import NodeHandler
from providers.swarm.properties import bag, wrapped
from providers.swarm.roster import RosterHandler
from providers.swarm.schema import schema
from providers.swarm.service_ready import ServiceReadyHandler
from providers.swarm.shelf import ShelfHandler
from providers.swarm.ssh import Outside
from providers.swarm.stored import StoredHandler
from spec.errors import SpecError

T = TypeVar("T")
VERSION = "0.1.0"
# As many nodes as are waited for at once; each wait is a sleeping thread.
THREADS = 128
HANDLERS: Mapping[str, Handler] = {
    "swarm:index:Engine": EngineHandler(),
    "swarm:index:Cluster": ClusterHandler(),
    "swarm:index:Node": NodeHandler(),
    "swarm:index:Roster": RosterHandler(),
    "swarm:index:ServiceReady": ServiceReadyHandler(),
    "swarm:index:Contract": ContractHandler(),
    "swarm:index:Secret": StoredHandler("secret"),
    "swarm:index:Config": StoredHandler("config"),
    "swarm:index:Shelf": ShelfHandler(),
    "swarm:index:GeneratedSecret": GeneratedSecretHandler(),
}


class SwarmProvider(sdk.Provider):
    """Every resource in HANDLERS, over `outside`."""

    def __init__(self, outside: Outside, clock: Clock, narrator: Callable[[str], Narrator]) -> None:
        self._outside = outside
        self._clock = clock
        self._narrator = narrator
        self._threads = ThreadPoolExecutor(THREADS)

    async def get_schema(self, request: sdk.GetSchemaRequest) -> sdk.GetSchemaResponse:  # noqa: ARG002
        """Return the package schema."""
        return sdk.GetSchemaResponse(schema(VERSION))

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:  # noqa: ARG002
        """Accept plain values only: the engine itself seals an output under the name of a secret input."""
        return sdk.ConfigureResponse(supports_preview=True)

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Fill in defaults and say what is wrong."""
        checked = _handler(request.type).check(bag(request.old_inputs), bag(request.new_inputs))
        return sdk.CheckResponse(wrapped(checked.inputs), checked.failures)

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """Compare what is recorded with what is asked."""
        return _handler(request.type).diff(bag(request.old_state), bag(request.new_inputs))

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        """Create, or foresee in a preview."""
        handler, inputs = _handler(request.type), bag(request.properties)
        if request.preview:
            return sdk.CreateResponse("", wrapped(handler.foresee(inputs, None)))
        state = await self._work(request.urn, lambda call: handler.create(inputs, call))
        return sdk.CreateResponse(state.id, wrapped(state.outputs))

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        """Return what is really there."""
        handler, outputs, inputs = _handler(request.type), bag(request.properties), bag(request.inputs)
        state = await self._work(request.urn, lambda call: handler.read(request.resource_id, outputs, inputs, call))
        return sdk.ReadResponse(state.id, wrapped(state.outputs), wrapped(state.inputs))

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        """Change in place, or foresee in a preview."""
        handler, old, new = _handler(request.type), bag(request.olds), bag(request.news)
        if request.preview:
            return sdk.UpdateResponse(wrapped(handler.foresee(new, old)))
        outputs = await self._work(request.urn, lambda call: handler.update(request.resource_id, old, new, call))
        return sdk.UpdateResponse(wrapped(outputs))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        """Remove."""
        handler, outputs = _handler(request.type), bag(request.properties)
        await self._work(request.urn, lambda call: handler.delete(request.resource_id, outputs, call))

    async def cancel(self) -> None:
        """End every wait at once."""
        self._clock.stop()

    async def _work(self, urn: str, job: Callable[[Call], T]) -> T:
        call = Call(self._outside, self._clock, self._narrator(urn))
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: job(call))


def _handler(token: str) -> Handler:
    # A child of a component carries its parents' types before its own.
    kind = token.rsplit("$", 1)[-1]
    if kind not in HANDLERS:
        raise SpecError(kind, "the swarm provider has no such resource", f"it has {', '.join(HANDLERS)}")
    return HANDLERS[kind]
