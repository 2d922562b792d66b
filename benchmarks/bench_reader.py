"""What one streamed chunk costs the gateway: `python benchmarks/bench_reader.py`.

Ten streams at once over loopback from a provider in another process, chunks as each API sends them (about
280 bytes with OpenAI, 120 with Anthropic, 310 with Google), CPU time of the reading process divided by the
chunks. Four figures, the last two for OpenAI alone, since what they measure is the same for all:

parse   bytes in memory to deltas: no network at all
flood   the provider writes as fast as the reader reads, so that a read brings several chunks
paced   each stream writes a chunk every 10 ms, so that every chunk wakes a process that was asleep
floor   the same, read by a protocol that drops the bytes: what kernel and loop take of it
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import uvloop

from evenhand.arenas import Sampling
from evenhand.contestants.configurations import Configuration, Endpoint, Kind
from evenhand.gateway import Delta, Gateway, Message, StreamEvent
from evenhand.gateway.kinds import KINDS
from evenhand.gateway.sse import SseParser

STREAMS = 10
FLOOD_CHUNKS = 4000
PACED_CHUNKS = 200
INTERVAL = 0.01
RUNS = 5
BAR = 10.0


def _openai(count: int) -> list[bytes]:
    def event(content: dict[str, object], finish: str | None = None) -> bytes:
        return _data(
            {
                "id": "chatcmpl-BJxkz8pNjQ2vWbT5mQcYhD0aZr7uE",
                "object": "chat.completion.chunk",
                "created": 1_750_000_000,
                "model": "swift-1-2026-06-01",
                "service_tier": "default",
                "system_fingerprint": "fp_5d58a6052a",
                "choices": [{"index": 0, "delta": content, "logprobs": None, "finish_reason": finish}],
                "obfuscation": "q8Zt1",
            }
        )

    events = [event({"role": "assistant", "content": "", "refusal": None})]
    events += [event({"content": word}) for word in _words(count)]
    return [*events, event({}, "stop"), b"data: [DONE]\n\n"]


def _anthropic(count: int) -> list[bytes]:
    def event(name: str, **fields: object) -> bytes:
        return b"event: " + name.encode() + b"\n" + _data({"type": name} | fields)

    start = {"id": "msg_01", "role": "assistant", "content": [], "usage": {"input_tokens": 9}}
    events = [event("message_start", message=start), event("ping")]
    events.append(event("content_block_start", index=0, content_block={"type": "text", "text": ""}))
    events += [
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": word})
        for word in _words(count)
    ]
    events.append(event("content_block_stop", index=0))
    events.append(event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": count}))
    return [*events, event("message_stop")]


def _google(count: int) -> list[bytes]:
    def event(text: str, **more: object) -> bytes:
        content = {"parts": [{"text": text}], "role": "model"}
        return _data(
            {
                "candidates": [{"content": content, "index": 0} | more],
                "usageMetadata": {
                    "promptTokenCount": 9,
                    "candidatesTokenCount": 12,
                    "totalTokenCount": 21,
                    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}],
                },
                "modelVersion": "swift-1-2026-06-01",
                "responseId": "zXgkadCVHoS3kdUPqf6zqQs",
            }
        )

    return [*(event(word) for word in _words(count)), event("", finishReason="STOP")]


EVENTS: dict[Kind, Callable[[int], list[bytes]]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
}
PATHS: dict[bytes, Kind] = {
    b"/chat/completions": "openai",
    b"/messages": "anthropic",
    b":streamGenerateContent": "google",
}


def _words(count: int) -> list[str]:
    words = [" the", " answer", ",", " which", " depends", " on", "\n\n", "- **", "第一", "`x`"]
    return [words[i % len(words)] for i in range(count)]


def _data(content: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(content, separators=(",", ":")).encode() + b"\n\n"


async def _serve() -> None:
    """The provider: answers as the path says, as fast as it can or, where asked for `paced`, slowly."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                paced = b"paced" in await reader.readexactly(length)
                events = next((EVENTS[kind] for path, kind in PATHS.items() if path in head), _openai)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
                writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
                for event in events(PACED_CHUNKS if paced else FLOOD_CHUNKS):
                    writer.write(b"%x\r\n%b\r\n" % (len(event), event))
                    await (asyncio.sleep(INTERVAL) if paced else writer.drain())
                writer.write(b"0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _parse(kind: Kind) -> float:
    body = b"".join(EVENTS[kind](FLOOD_CHUNKS))
    portions = [body[i : i + 4096] for i in range(0, len(body), 4096)]
    began = time.process_time()
    parser, decoder, seen = SseParser(), KINDS[kind].decoder(), 0
    for portion in portions:
        for name, data in parser.feed(portion):
            seen += len(decoder.feed(name, data))
    assert seen == FLOOD_CHUNKS
    return (time.process_time() - began) / FLOOD_CHUNKS * 1e6


async def _read(gateway: Gateway, port: int, kind: Kind, model: str, chunks: int) -> float:
    endpoint = Endpoint(kind=kind, base_url=f"http://127.0.0.1:{port}/v1", model=model)
    sampling = Sampling(temperature=0.7, top_p=1, max_output_tokens=8192, max_reasoning_tokens=16384)
    configuration = Configuration(endpoint=endpoint, system_prompt="", sampling=sampling)

    async def one() -> None:
        seen = 0

        def take(event: StreamEvent) -> None:
            nonlocal seen
            seen += type(event) is Delta

        await gateway.call(configuration, [Message("user", "Hello")], take)
        assert seen == chunks, seen

    began = time.process_time()
    await asyncio.gather(*(one() for _ in range(STREAMS)))
    return (time.process_time() - began) / (STREAMS * chunks) * 1e6


class _Floor(asyncio.Protocol):
    """Reads a paced answer and does nothing with it."""

    def __init__(self) -> None:
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b'POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\n"paced"')

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"0\r\n\r\n"):
            self._transport.close()
            self.ended.set_result(None)


async def _floor(port: int) -> float:
    loop = asyncio.get_running_loop()
    began = time.process_time()
    opened = [await loop.create_connection(_Floor, "127.0.0.1", port) for _ in range(STREAMS)]
    await asyncio.gather(*(protocol.ended for _, protocol in opened))
    return (time.process_time() - began) / (STREAMS * PACED_CHUNKS) * 1e6


async def _median(figure: Callable[[], Awaitable[float]]) -> str:
    await figure()  # connections, caches
    figures = [await figure() for _ in range(RUNS)]
    return f"{statistics.median(figures):6.2f}  ({min(figures):.2f}-{max(figures):.2f})"


async def _measure(port: int) -> None:
    async def parse(kind: Kind) -> float:
        return _parse(kind)

    async with Gateway() as gateway:

        async def read(kind: Kind, model: str, chunks: int) -> float:
            return await _read(gateway, port, kind, model, chunks)

        print(f"CPU µs a chunk, median (range) of {RUNS} runs, {STREAMS} streams at once, bar {BAR:.0f}:")
        for kind in EVENTS:
            print(f"  {kind:9}  parse  {await _median(partial(parse, kind))}")
            print(f"  {kind:9}  flood  {await _median(partial(read, kind, 'flood', FLOOD_CHUNKS))}")
        print(f"  openai     paced  {await _median(partial(read, 'openai', 'paced', PACED_CHUNKS))}")
        print(f"             floor  {await _median(partial(_floor, port))}")


def main() -> None:
    """Start the provider, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    if options.parse_args().serve:
        asyncio.run(_serve())
        return
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as provider:
        try:
            assert provider.stdout is not None
            port = int(provider.stdout.readline())
            uvloop.run(_measure(port))
        finally:
            provider.terminate()


if __name__ == "__main__":
    main()
