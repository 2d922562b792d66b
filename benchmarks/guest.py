"""Somebody with a browser, played as cheaply as can be: many of them share a core with the arena.

Every piece of the answers is the moment it was sent at (`stamped_provider`).
"""

import asyncio
import math
import time
from array import array
from itertools import repeat
from typing import Any

import aiohttp
import msgspec

from evenhand.battles.pacing import HEAD
from evenhand.consent.terms import load_terms

PATIENCE = aiohttp.ClientTimeout(total=120)
"""Of a request, and of reading one battle's events to their end."""


class Heard:
    """What came of one answer: when each piece was sent and when it had arrived, in seconds."""

    def __init__(self) -> None:
        self.sent = array("d")
        self.arrived = array("d")
        self._characters = 0
        self._cut = ""

    def take(self, text: str, arrived: float, offset: int | None = None) -> None:
        """Take text that arrived just now; `offset` is its place in the answer, if that is known."""
        if offset is not None:
            assert offset <= self._characters, "a piece is missing"
            text = text[self._characters - offset :]
        self._characters += len(text)
        *stamps, self._cut = (self._cut + text).split(" ")
        self.sent.extend(map(float, stamps))
        self.arrived.extend(repeat(arrived, len(stamps)))

    @property
    def head(self) -> float:
        """When so much of it had been sent that pacing begins to show it."""
        pieces = math.ceil(HEAD / len(f"{self.sent[0]:.5f} "))
        return float(self.sent[pieces - 1])

    def delays(self, since: float, until: float, held: float = 0.0) -> list[float]:
        """How long the pieces sent in a span of time were under way, in ms; earlier than `held` none was."""
        return [
            (arrived - max(sent, held)) * 1000
            for sent, arrived in zip(self.sent, self.arrived, strict=True)
            if since <= sent < until
        ]


class _Delta(msgspec.Struct):
    side: str
    offset: int
    text: str


class _Battle(msgspec.Struct):
    status: str


_delta = msgspec.json.Decoder(_Delta).decode
_battle = msgspec.json.Decoder(_Battle).decode


class Guest:
    """One stranger's one battle. What is asked goes to one address, the events may be read at another."""

    def __init__(self, http: aiohttp.ClientSession, asks: str, reads: str | None = None) -> None:
        self.heard = {"a": Heard(), "b": Heard()}
        self.battle = ""
        self._http = http
        self._asks = asks
        self._reads = reads or asks
        self._headers: dict[str, str] = {}
        self.begun = asyncio.Event()
        """Set once something of both answers has come."""

    @property
    def held_until(self) -> float:
        """When pacing could begin to show the two answers."""
        return max(one.head for one in self.heard.values())

    async def ask(self, pieces: int) -> None:
        """Ask for so many pieces of either side, and read both answers to their ends."""
        conversation = (await self._post("/conversations", {"arena": "text", "mode": "battle"}))["id"]
        url = f"{self._reads}/conversations/{conversation}/events"
        async with self._http.get(url, headers=self._headers, timeout=PATIENCE) as stream:
            stream.raise_for_status()
            body = {"parts": [{"type": "text", "text": str(pieces)}], "terms_version": load_terms().version}
            asked = await self._post(f"/conversations/{conversation}/turns", body)
            self.battle = asked["battle_id"]
            await self._follow(stream)
        for side, heard in self.heard.items():
            assert len(heard.sent) == pieces, f"{len(heard.sent)} of {pieces} pieces came of side {side}"

    async def vote(self, choice: str = "a") -> None:
        """Vote; returns once that is acknowledged."""
        await self._post(f"/battles/{self.battle}/vote", {"choice": choice})

    async def _post(self, path: str, body: object) -> dict[str, Any]:
        async with self._http.post(
            f"{self._asks}{path}", json=body, headers=self._headers, timeout=PATIENCE
        ) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status < 300, f"{response.status} {answer.get('code')} from {path}"
            for name, cookie in response.cookies.items():
                self._headers["Cookie"] = f"{name}={cookie.value}"
            return answer

    async def _follow(self, stream: aiohttp.ClientResponse) -> None:
        kind, rest = b"", b""
        async for data in stream.content.iter_any():
            arrived = time.monotonic()
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if line.startswith(b"event: "):
                    kind = line[7:]
                elif not line.startswith(b"data: "):
                    continue
                elif kind == b"delta":
                    delta = _delta(line[6:])
                    self.heard[delta.side].take(delta.text, arrived, delta.offset)
                    if not self.begun.is_set() and all(one.sent for one in self.heard.values()):
                        self.begun.set()
                elif kind == b"battle":
                    status = _battle(line[6:]).status
                    assert status != "failed", "the battle failed"
                    if status == "ready":
                        return
        raise AssertionError("the events ended before the answers")


def browsers() -> aiohttp.ClientSession:
    """The connections of any number of guests; each guest keeps its own cookie."""
    # Kept for less time than the server keeps them: a question must not be sent on one that it is closing.
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=PATIENCE)


async def outcomes(tasks: list["asyncio.Task[None]"]) -> list[str]:
    """Waits for all; what went wrong with those that failed."""
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return [f"{type(one).__name__}: {one}" for one in results if isinstance(one, BaseException)]
