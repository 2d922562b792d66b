"""One request and its response, fed by hand: how bodies end, what is no HTTP, who waits for whom."""

import asyncio

import pytest

from evenhand.gateway.exchange import ClosedError, NotHttpError
from tests.gateway.wires import REQUEST, Wire

CHUNKED = b"Transfer-Encoding: chunked\r\n"


async def whole(wire: Wire) -> bytes:
    """The body, to its end."""
    body = bytearray()
    await wire.exchange.body(body.extend)
    return bytes(body)


async def until_cut(wire: Wire) -> tuple[bytes, Exception]:
    """What came of the body, and how it was cut."""
    body = bytearray()
    with pytest.raises((OSError, NotHttpError)) as caught:
        await wire.exchange.body(body.extend)
    return bytes(body), caught.value


def reading(wire: Wire) -> tuple[list[bytes], asyncio.Task[None]]:
    """The portions that are handed over from now on."""
    portions: list[bytes] = []
    return portions, asyncio.create_task(wire.exchange.body(portions.append))


async def test_a_body_in_chunks_ends_with_the_last_and_the_connection_is_used_again() -> None:
    wire = Wire()
    await wire.answers(CHUNKED, b"3\r\nabc\r\n")
    portions, read = reading(wire)
    await asyncio.sleep(0)
    assert portions == [b"abc"]
    assert not wire.exchange.reusable
    wire.exchange.data_received(b"2;ext=1\r\nde\r\n0\r\n\r\n")
    await read
    assert portions == [b"abc", b"de"]
    assert wire.exchange.reusable
    await wire.answers(b"Content-Length: 2\r\n", b"hi")
    assert await whole(wire) == b"hi"
    assert wire.sent == REQUEST * 2


async def test_a_body_of_known_length_that_is_cut_is_given_before_the_cut_is_told() -> None:
    wire = Wire()
    await wire.answers(b"Content-Length: 9\r\n", b"abc")
    wire.exchange.connection_lost(None)
    body, cut = await until_cut(wire)
    assert (body, type(cut)) == (b"abc", ClosedError)
    assert "in the middle" in str(cut)
    assert not wire.exchange.reusable


async def test_a_body_without_a_length_ends_with_the_connection() -> None:
    wire = Wire()
    await wire.answers(b"", b"abc")
    wire.exchange.connection_lost(None)
    assert await whole(wire) == b"abc"
    assert not wire.exchange.reusable


async def test_a_connection_that_breaks_is_a_cut_even_where_the_body_has_no_length() -> None:
    wire = Wire()
    await wire.answers(b"", b"abc")
    wire.exchange.connection_lost(ConnectionResetError("reset by peer"))
    body, cut = await until_cut(wire)
    assert (body, type(cut)) == (b"abc", ConnectionResetError)


async def test_a_connection_that_closes_before_it_answers_says_so() -> None:
    wire = Wire()
    wire.exchange.send(REQUEST)
    waiting = asyncio.create_task(wire.exchange.head())
    await asyncio.sleep(0)
    wire.exchange.connection_lost(None)
    with pytest.raises(ClosedError, match="before it answered"):
        await waiting


async def test_nothing_is_sent_on_a_connection_that_is_closed() -> None:
    wire = Wire()
    wire.exchange.connection_lost(None)
    with pytest.raises(ClosedError, match="before the request"):
        wire.exchange.send(REQUEST)


async def test_a_server_that_closes_after_its_answer_is_not_asked_again_on_that_connection() -> None:
    wire = Wire()
    await wire.answers(b"Connection: close\r\nContent-Length: 2\r\n", b"hi")
    assert await whole(wire) == b"hi"
    assert not wire.exchange.reusable


async def test_an_early_hint_is_not_the_response() -> None:
    wire = Wire()
    wire.exchange.send(REQUEST)
    wire.exchange.data_received(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 429 No\r\n")
    wire.exchange.data_received(b"Retry-After: 7\r\nContent-Length: 0\r\n\r\n")
    await wire.exchange.head()
    assert wire.exchange.status == 429
    assert wire.exchange.headers == {"retry-after": "7", "content-length": "0"}
    assert await whole(wire) == b""


async def test_a_head_cut_at_every_byte_is_the_same_head() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 2\r\n\r\nhi"
    for k in range(1, len(head)):
        wire = Wire()
        wire.exchange.send(REQUEST)
        wire.exchange.data_received(head[:k])
        wire.exchange.data_received(head[k:])
        await wire.exchange.head()
        assert (wire.exchange.headers["x-one"], await whole(wire)) == ("1", b"hi"), k


@pytest.mark.parametrize(
    "garbage",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x01\x00\x02\x02\x50", b"HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n"],
)
async def test_what_is_no_http_is_a_fault_and_ends_the_connection(garbage: bytes) -> None:
    wire = Wire()
    wire.exchange.send(REQUEST)
    wire.exchange.data_received(garbage)
    with pytest.raises(NotHttpError):
        await wire.exchange.head()
    assert wire.aborted


async def test_garbage_between_chunks_is_told_after_what_came_before_it() -> None:
    wire = Wire()
    await wire.answers(CHUNKED, b"3\r\nabc\r\nzzz\r\n")
    body, cut = await until_cut(wire)
    assert (body, type(cut)) == (b"abc", NotHttpError)


async def test_a_head_without_an_end_is_not_kept_for_ever() -> None:
    wire = Wire()
    wire.exchange.send(REQUEST)
    wire.exchange.data_received(b"HTTP/1.1 200 OK\r\n")
    for number in range(2000):
        wire.exchange.data_received(b"X-%d: %s\r\n" % (number, b"a" * 100))
        if wire.aborted:
            break
    with pytest.raises(NotHttpError, match="a head of more than"):
        await wire.exchange.head()


async def test_bytes_that_nobody_asked_for_end_a_connection_that_was_kept() -> None:
    wire = Wire()
    await wire.answers(b"Content-Length: 2\r\n", b"hi")
    assert await whole(wire) == b"hi"
    wire.exchange.data_received(b"HTTP/1.1 200 OK\r\n")
    assert wire.aborted


async def test_what_comes_within_a_tick_is_read_in_one_go() -> None:
    wire = Wire(tick=0.001)
    await wire.answers(b"")
    portions, read = reading(wire)
    await asyncio.sleep(0)
    for piece in (b"Well, ", b"now ", b"one ", b"two "):
        wire.exchange.data_received(piece)
    wire.exchange.connection_lost(None)
    await read
    assert portions == [b"Well, ", b"now ", b"one two "]


async def test_the_first_words_of_an_answer_wait_for_no_tick() -> None:
    wire = Wire(tick=3600)
    await wire.answers(b"")
    portions, read = reading(wire)
    await asyncio.sleep(0)
    wire.exchange.data_received(b"Well, ")
    wire.exchange.data_received(b"now ")
    assert portions == [b"Well, ", b"now "]
    read.cancel()


async def test_a_piece_after_a_quiet_time_waits_for_no_tick() -> None:
    wire = Wire(tick=3600)
    await wire.answers(b"")
    came = asyncio.Event()
    read = asyncio.create_task(wire.exchange.body(lambda data: came.set() if data == b"three" else None))
    await asyncio.sleep(0)
    for piece in (b"one", b"two", b"three"):
        wire.exchange.data_received(piece)
    await came.wait()
    read.cancel()


async def test_an_interruption_reaches_only_who_waits_for_bytes() -> None:
    wire = Wire()
    await wire.answers(b"")
    _, read = reading(wire)
    await asyncio.sleep(0)
    wire.exchange.interrupt(TimeoutError("too long"))
    with pytest.raises(TimeoutError, match="too long"):
        await read
    wire.exchange.interrupt(TimeoutError("nobody waits"))
    wire.exchange.data_received(b"late")
    wire.exchange.connection_lost(None)
    assert await whole(wire) == b"late"


async def test_an_interruption_is_too_late_once_more_has_come() -> None:
    wire = Wire(tick=0.001)
    await wire.answers(b"")
    portions, read = reading(wire)
    await asyncio.sleep(0)
    for piece in (b"well ", b"just ", b"in time"):
        wire.exchange.data_received(piece)
    wire.exchange.interrupt(TimeoutError("too long"))
    wire.exchange.connection_lost(None)
    await read
    assert portions == [b"well ", b"just ", b"in time"]


async def test_what_the_reader_raises_ends_the_reading_and_the_rest_can_be_had_later() -> None:
    wire = Wire()
    await wire.answers(b"Content-Length: 6\r\n", b"abc")

    def refuse(_: bytes) -> None:
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        await wire.exchange.body(refuse)
    wire.exchange.data_received(b"def")
    assert await whole(wire) == b"def"
    assert wire.exchange.reusable
