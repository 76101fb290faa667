"""The plugin's process: started by the Pulumi engine with its address, answers with a port, serves until stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2_grpc

from providers.swarm.clock import Clock
from providers.swarm.narrator import EngineNarrator
from providers.swarm.provider import VERSION, SwarmProvider
from providers.swarm.servicer import PlainServicer
from providers.swarm.ssh import Ssh

# As large as the engine's own limit: 400 MB.
OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]
GRACE_SECONDS = 5
PARENT_SECONDS = 1


async def serve(engine_address: str, engine_process: int) -> None:
    """Serve until a signal comes, or the engine's process is gone."""
    clock = Clock()
    engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine_address))
    provider = SwarmProvider(Ssh(clock), clock, lambda urn: EngineNarrator(engine, urn))
    server = grpc.aio.server(options=OPTIONS)
    servicer = PlainServicer([], VERSION, provider, engine_address=engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await server.start()
    print(port, flush=True)
    watch = asyncio.create_task(_end_with(engine_process, stopped))
    await stopped.wait()
    watch.cancel()
    clock.stop()
    await server.stop(GRACE_SECONDS)


async def _end_with(parent: int, stopped: asyncio.Event) -> None:
    """Stop when the parent is gone: an engine that was killed tells nobody."""
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_SECONDS)
    stopped.set()


def main() -> None:
    """Read the engine's address, the first argument that is no flag."""
    engine_process = os.getppid()
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if not addresses:
        sys.exit("pulumi-resource-swarm is started by Pulumi, with the engine's address as its argument")
    asyncio.run(serve(addresses[0], engine_process))


if __name__ == "__main__":
    main()
