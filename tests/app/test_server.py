"""What the web server of one process does beside serving."""

import asyncio
import gc
import socket

from evenhand.app.application import create_app
from evenhand.app.ending import Ending
from evenhand.app.server import ArenaServer
from evenhand.core.settings import Settings
from evenhand.core.tasks import running


async def test_what_is_loaded_before_a_server_is_ready_is_not_searched_for_garbage(database_url: str) -> None:
    ready = asyncio.Event()
    server = ArenaServer(create_app(Settings(), database_url), Ending(), ready.set)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            async with running(server.serve([listener])) as [serving]:
                await ready.wait()
                assert gc.get_freeze_count() > 0
                server.end()
                await serving
    finally:
        gc.unfreeze()
