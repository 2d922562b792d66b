"""A web server for tests: it starts and ends at once, where uvicorn's own looks ten times a second."""

import asyncio
import socket

import uvicorn


class PromptServer(uvicorn.Server):
    """Serves until it is told to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._up = asyncio.Event()
        self._told = asyncio.Event()

    async def running(self) -> asyncio.Task[None]:
        """Start, and come back once it serves."""
        serving = asyncio.create_task(self.serve())
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait([serving, up], return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        assert self.started, "the arena did not start"
        return serving

    def end(self) -> None:
        """End now; requests that run have as long as the configuration says."""
        self._told.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = asyncio.get_running_loop().time() + (self.config.timeout_graceful_shutdown or 0)
        while self.server_state.connections or self.server_state.tasks:
            if asyncio.get_running_loop().time() > deadline:
                for task in self.server_state.tasks:
                    task.cancel()
                break
            await asyncio.sleep(0.005)
        await self.lifespan.shutdown()
