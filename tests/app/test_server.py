"""What the web server of one process does beside serving."""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Iterator

import pytest

from evenhand.app.application import create_app
from evenhand.app.ending import Ending
from evenhand.app.server import ArenaServer
from evenhand.core.settings import Settings
from evenhand.core.tasks import running


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a server sets for its process is not for the tests after it."""
    interval = sys.getswitchinterval()
    yield
    gc.unfreeze()
    sys.setswitchinterval(interval)


async def ready_server(database_url: str, look: Callable[[], object]) -> object:
    """What `look` sees in a process whose server is ready."""
    ready = asyncio.Event()
    server = ArenaServer(create_app(Settings(), database_url), Ending(), ready.set)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with running(server.serve([listener])) as [serving]:
            await ready.wait()
            seen = look()
            server.end()
            await serving
    return seen


async def test_what_is_loaded_before_a_server_is_ready_is_not_searched_for_garbage(database_url: str) -> None:
    assert await ready_server(database_url, lambda: gc.get_freeze_count() > 0)


async def test_work_in_a_thread_holds_up_streams_for_half_a_millisecond_at_most(database_url: str) -> None:
    assert await ready_server(database_url, sys.getswitchinterval) == pytest.approx(0.0005)
