"""Connections to providers: used again, given up, encrypted, and what the request says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trustme

from evenhand.gateway import Gateway, GatewayError
from evenhand.gateway.addresses import Address, AddressError, Origin, parse
from tests.gateway.calls import ask, configuration, finish, joined, until_error
from tests.support.fake_provider import FakeProvider, Scenario

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
WORD = b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'
DONE = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


async def request(reader: asyncio.StreamReader) -> bytes:
    """The head of one request, whose body is read and dropped."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return head


def response(body: bytes, *headers: bytes) -> bytes:
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/event-stream", length, *headers, b"", body])


@asynccontextmanager
async def server(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    async with await asyncio.start_server(handler, "127.0.0.1", 0, ssl=tls) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}/v1"


async def test_answers_one_after_the_other_come_on_one_connection(
    provider: FakeProvider, gateway: Gateway
) -> None:
    for _ in range(3):
        await ask(gateway, configuration(provider))
    assert len({call.port for call in provider.calls}) == 1


async def test_answers_at_once_come_on_connections_of_their_own(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(tokens_per_second=100)
    await asyncio.gather(*(ask(gateway, configuration(provider)) for _ in range(3)))
    assert len({call.port for call in provider.calls}) == 3


async def test_an_answer_that_was_broken_off_does_not_leave_its_rest_to_the_next(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="one two three four", tokens_per_second=200)
    await ask(gateway, configuration(provider, max_output_tokens=2))
    events = await ask(gateway, configuration(provider))
    assert joined(events) == "one two three four"
    assert len({call.port for call in provider.calls}) == 2


async def test_a_connection_that_the_provider_closed_meanwhile_is_not_used_again(
    gateway: Gateway, waits: list[float]
) -> None:
    closing = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(response(WORD + DONE))
        await writer.drain()
        writer.close()
        closing.set()

    async with server(once) as url:
        for _ in range(2):
            assert joined(await ask(gateway, configuration(url))) == "hi"
            await closing.wait()
            await asyncio.sleep(0)  # the close reaches this side
    assert len(waits) <= 1  # a close that crosses the request is a try more


async def test_connections_are_there_before_the_calls_that_are_expected(gateway: Gateway) -> None:
    opened = asyncio.Semaphore(0)
    heads: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.release()
        heads.append(await request(reader))
        writer.write(response(WORD + DONE))
        await writer.drain()
        writer.close()

    async with server(handler) as url:
        wanted = configuration(url)
        gateway.expect([wanted.endpoint] * 2)
        for _ in range(2):
            await opened.acquire()
        assert heads == []  # a provider learns nothing before it is called
        both = await asyncio.gather(ask(gateway, wanted), ask(gateway, wanted))
        assert list(map(joined, both)) == ["hi", "hi"]
        assert opened.locked()  # no further one


async def test_a_call_waits_for_the_connection_that_is_being_opened_for_it(gateway: Gateway) -> None:
    opened: list[asyncio.StreamWriter] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while True:
            await request(reader)
            writer.write(response(WORD + DONE))

    async with server(handler) as url:
        wanted = configuration(url)
        for _ in range(2):  # the first opens one, the second finds it kept
            gateway.expect([wanted.endpoint])
            assert joined(await ask(gateway, wanted)) == "hi"
        assert len(opened) == 1
        opened[0].close()


async def test_an_expected_call_says_why_there_is_no_connection(gateway: Gateway, waits: list[float]) -> None:
    async with server(lambda *_: asyncio.sleep(0)) as url:
        nobody = configuration(url)
    gateway.expect([nobody.endpoint, configuration("http:///v1").endpoint])
    _, caught = await until_error(gateway, nobody)
    assert (caught.code, len(waits)) == ("failed", 2)
    assert "Connect" in caught.cause


async def test_a_provider_is_told_who_asks_for_what_and_nothing_more(gateway: Gateway) -> None:
    heads: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await request(reader))
        writer.write(response(WORD + DONE))
        await writer.drain()
        writer.close()

    async with server(handler) as url:
        await ask(gateway, configuration(f"{url}/a path?key=v"))
    line, *lines = heads[0].decode().split("\r\n")
    assert line.startswith("POST /v1/a%20path?key=v")
    assert {one.split(":")[0] for one in lines if one} == {
        "Host",
        "Accept",
        "Accept-Encoding",
        "Content-Type",
        "User-Agent",
        "Content-Length",
    }


async def test_an_answer_in_an_encoding_that_was_not_asked_for_is_a_fault(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(headers={"Content-Encoding": "br"})
    _, caught = await until_error(gateway, configuration(provider))
    assert caught.code == "failed"
    assert "encoded (br)" in caught.cause


async def test_an_encrypted_connection_is_made_to_whom_the_machine_trusts_and_to_nobody_else(
    gateway: Gateway, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(response(WORD + DONE, b"Connection: close"))
        await writer.drain()
        writer.close()

    async with server(handler, tls) as url:
        with pytest.raises(GatewayError) as caught:
            await ask(gateway, configuration(url))
        assert caught.value.code == "failed"
        assert "CERTIFICATE_VERIFY_FAILED" in caught.value.cause
        assert waits == []  # a certificate does not get better by trying again
        with authority.cert_pem.tempfile() as path:
            monkeypatch.setenv("SSL_CERT_FILE", path)
            async with Gateway() as trusting:
                events = await ask(trusting, configuration(url))
    assert (joined(events), finish(events)) == ("hi", "stop")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:9001/v1/x", Address(Origin("127.0.0.1", 9001, False), "127.0.0.1:9001", "/v1/x")),
        ("https://api.acme.com", Address(Origin("api.acme.com", 443, True), "api.acme.com", "/")),
        ("http://[::1]:80/a?b=c d", Address(Origin("::1", 80, False), "[::1]:80", "/a?b=c%20d")),
        (
            "https://modèle.example/é",
            Address(Origin("xn--modle-6ra.example", 443, True), "xn--modle-6ra.example", "/%C3%A9"),
        ),
    ],
)
def test_an_address_says_where_to_connect_and_what_to_ask_for(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///v1",
        "http://[::1/v1",
        "http://a b/v1",
        "http://a:99999/",
        "ftp://a/",
        "http://u:p@a/v1",
    ],
)
def test_an_address_that_cannot_be_called_says_why(url: str) -> None:
    with pytest.raises(AddressError):
        parse(url)
