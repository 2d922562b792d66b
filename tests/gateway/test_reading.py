"""The reader against a connection that a test feeds by hand, where the order of things matters."""

import asyncio

from evenhand.contestants.configurations import Endpoint
from evenhand.gateway import Delta
from evenhand.gateway.faults import Fault
from evenhand.gateway.kinds.openai_chunks import ChunkDecoder
from evenhand.gateway.reading import AnswerReader
from tests.gateway.wires import Wire

WORD = b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
END = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'


async def cut_after(body: bytes) -> tuple[list[Delta], Fault | None]:
    """What is read of a body that came, and whose connection broke, before anybody read a byte of it."""
    wire = Wire()
    await wire.answers(b"Content-Length: 100000\r\n", body)
    wire.exchange.connection_lost(None)
    now = asyncio.get_running_loop().time()
    endpoint = Endpoint(kind="openai", base_url="http://127.0.0.1/v1", model="swift")
    taken: list[Delta] = []

    def take(deltas: list[Delta]) -> bool:
        taken.extend(deltas)
        return True

    reader = AnswerReader(wire.exchange, endpoint, now, now + 60, ChunkDecoder(), take)
    try:
        await reader.read()
    except Fault as fault:
        return taken, fault
    return taken, None


async def test_what_came_before_a_cut_is_kept_although_nobody_had_read_it() -> None:
    taken, fault = await cut_after(WORD + WORD)
    assert taken == [Delta("text", "a")] * 2
    assert fault is not None
    assert fault.cause.startswith("the stream was cut: ClosedError")


async def test_a_cut_after_the_finish_reason_does_no_harm() -> None:
    assert await cut_after(WORD + END) == ([Delta("text", "a")], None)
