"""The reader against a connection that a test feeds by hand, where the order of things matters."""

import asyncio

import pytest

from evenhand.contestants.configurations import Endpoint
from evenhand.gateway import Delta
from evenhand.gateway.faults import Fault
from evenhand.gateway.kinds.openai_chunks import ChunkDecoder
from evenhand.gateway.reading import AnswerReader
from tests.gateway.wires import Wire

WORD = b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
END = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'


async def cut_after(body: bytes) -> tuple[AnswerReader, ChunkDecoder]:
    """A body that came, and whose connection broke, before anybody read a byte of it."""
    wire = Wire()
    await wire.answers(b"Content-Length: 100000\r\n", body)
    wire.exchange.connection_lost(None)
    loop = asyncio.get_running_loop()
    endpoint = Endpoint(kind="openai", base_url="http://127.0.0.1/v1", model="swift")
    return AnswerReader(wire.exchange, endpoint, loop.time(), loop.time() + 60), ChunkDecoder()


async def test_what_came_before_a_cut_is_kept_although_nobody_had_read_it() -> None:
    reader, decoder = await cut_after(WORD + WORD)
    portions = reader.deltas(decoder)
    assert await anext(portions) == [Delta("text", "a")] * 2
    with pytest.raises(Fault, match="cut: ClosedError"):
        await anext(portions)


async def test_a_cut_after_the_finish_reason_does_no_harm() -> None:
    reader, decoder = await cut_after(WORD + END)
    assert [portion async for portion in reader.deltas(decoder)] == [[Delta("text", "a")]]
    assert decoder.finished
