"""A whole arena for a test: the application over HTTP on loopback, its models at the fake provider."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

import aiohttp
import uvicorn
from yarl import URL

from evenhand.app.application import Parts, create_app, nobody, nothing
from evenhand.app.server import KEEP_SECONDS
from evenhand.arenas import load_arenas
from evenhand.battles.pacing import Rhythm
from evenhand.consent.terms import load_terms
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.service import set_lineup
from evenhand.core.clock import Clock, now
from evenhand.core.settings import Settings
from evenhand.storage.engine import Database
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.server import PromptServer

QUICK = Rhythm(tick=0.002, hold=0.2)
"""The rhythm of blind battles in tests, where nobody reads along."""


class Heard(NamedTuple):
    """One server-sent event."""

    id: int
    kind: str
    data: dict[str, Any]


class Answered(NamedTuple):
    """A response: status, headers, and the JSON of its body or, where it has none, its bytes."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


class Voter:
    """Somebody with a browser of their own."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    @property
    def cookie(self) -> str:
        """What says who this is."""
        return self.http.cookie_jar.filter_cookies(URL(self.base_url))["evenhand"].value

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.http.cookie_jar.update_cookies({"evenhand": value}, URL(self.base_url))

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answered:
        """A request. Who asks agrees to the terms by it, unless the body says to which.

        An answer that is no JSON, a picture say, is its bytes.
        """
        if path.endswith("/turns") and isinstance(body, dict):
            body = {"terms_version": load_terms().version} | body
        async with self.http.request(
            method, f"{self.base_url}/api/v1{path}", json=body, **options
        ) as response:
            content = await response.read()
            is_json = response.content_type.endswith("json")
            answer: Any = json.loads(content or b"{}") if is_json else content or {}
            return Answered(response.status, dict(response.headers), answer)

    async def begin(self, mode: str = "battle", *contestants: str) -> str:
        body = {"arena": "text", "mode": mode} | ({"contestants": list(contestants)} if contestants else {})
        answered = await self.call("POST", "/conversations", body)
        assert answered.status == 201, answered
        return str(answered.body["id"])

    async def ask(self, conversation: str, text: str = "Why is the sky blue?", **more: Any) -> dict[str, Any]:
        body = {"parts": [{"type": "text", "text": text}], **more}
        answered = await self.call("POST", f"/conversations/{conversation}/turns", body)
        assert answered.status == 202, answered
        return answered.body

    async def read(self, conversation: str) -> dict[str, Any]:
        answered = await self.call("GET", f"/conversations/{conversation}")
        assert answered.status == 200, answered
        return answered.body

    async def vote(self, battle: str, choice: str = "a") -> Answered:
        return await self.call("POST", f"/battles/{battle}/vote", {"choice": choice})

    @asynccontextmanager
    async def follow(self, conversation: str, last_event_id: int | None = None) -> AsyncIterator["Listener"]:
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        url = f"{self.base_url}/api/v1/conversations/{conversation}/events"
        async with self.http.get(url, headers=headers) as response:
            assert response.status == 200, await response.text()
            yield Listener(response)

    async def hear(self, conversation: str, wanted: Callable[[Heard], bool]) -> list[Heard]:
        """Follows from the newest turn's state on, until an event is as wanted."""
        async with self.follow(conversation) as listener:
            return await listener.until(wanted)

    async def hear_through(self, conversation: str, seconds: float = 60) -> list[Heard]:
        """Follows as a browser does, which comes back with the last id whenever the stream breaks."""
        heard: list[Heard] = []
        async with asyncio.timeout(seconds):
            while not (heard and settled(heard[-1])):
                with suppress(aiohttp.ClientError, AssertionError):
                    async with self.follow(conversation, heard[-1].id if heard else None) as listener:
                        async for event in listener.events():
                            heard.append(event)
                            if settled(event):
                                break
        return heard

    async def battle(self, text: str = "Why is the sky blue?") -> tuple[str, dict[str, Any]]:
        """A new conversation whose first battle is ready: its id, and what asking gave back."""
        conversation = await self.begin()
        asked = await self.ask(conversation, text)
        await self.hear(conversation, settled)
        return conversation, asked


class Listener:
    """An event stream that is being read."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.headers = response.headers
        self.heard: list[Heard] = []

    async def events(self) -> AsyncIterator[Heard]:
        fields: dict[str, str] = {}
        async for line in self._response.content:
            text = line.decode().rstrip("\n")
            if text and not text.startswith(":"):
                name, _, value = text.partition(": ")
                fields[name] = value
            elif not text and fields.get("event") == "here":
                fields = {}
            elif not text and "data" in fields:
                event = Heard(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                self.heard.append(event)
                fields = {}
                yield event

    async def until(self, wanted: Callable[[Heard], bool], seconds: float = 20) -> list[Heard]:
        async with asyncio.timeout(seconds):
            async for event in self.events():
                if wanted(event):
                    return self.heard
        raise AssertionError(f"the stream ended without the event; it had {self.heard}")


def settled(event: Heard) -> bool:
    """A battle has come to rest."""
    return event.kind == "battle" and event.data["status"] in ("ready", "failed", "revealed")


def begun(event: Heard) -> bool:
    """Something of an answer has come."""
    return event.kind == "delta" and event.data["offset"] + len(event.data["text"]) > 5


def text_of(events: Sequence[Heard], side: str) -> str:
    """The newest attempt's answer of a side, put together as the page does: by offset."""
    text, attempt = "", 0
    for event in events:
        data = event.data
        if event.kind == "delta" and data["side"] == side and data["kind"] == "text":
            if data["attempt"] > attempt:
                text, attempt = "", data["attempt"]
            assert data["offset"] <= len(text), "a piece is missing"
            text = text[: data["offset"]] + data["text"]
    return text


@dataclass
class Arena:
    """The running arena."""

    base_url: str
    provider: FakeProvider
    database: Database
    settings: Settings
    app: Any
    voters: list[Voter] = field(default_factory=list)

    def voter(self) -> Voter:
        """A new stranger."""
        voter = Voter(self.base_url)
        self.voters.append(voter)
        return voter

    async def enter(self, *entries: CatalogueEntry) -> None:
        """Makes these the lineup."""
        arenas = load_arenas()
        async with self.database.unit_of_work() as work:
            await set_lineup(work.session, entries, arenas, self.app.state.arena_ids, self.app.state.clock())

    def entry(self, slug: str, scenario: Scenario | None = None, **more: Any) -> CatalogueEntry:
        """A contestant that the fake provider plays."""
        if scenario is not None:
            self.provider.scenarios[f"{slug}-model"] = scenario
        limits = {
            name: more.pop(name)
            for name in ("first_token_seconds", "stall_seconds", "total_seconds")
            if name in more
        }
        where = {
            "kind": more.pop("kind", "openai"),
            "base_url": more.pop("base_url", self.provider.base_url),
            "model": f"{slug}-model",
        }
        endpoint = Endpoint(**where, **limits)
        described = {
            "name": slug.title(),
            "organization": "Acme",
            "license": "proprietary",
            "context": 32_768,
        }
        return CatalogueEntry(slug=slug, endpoint=endpoint, **described | more)


@asynccontextmanager
async def running_arena(
    database_url: str,
    *,
    clock: Clock = now,
    caller: Any = None,
    rhythm: Rhythm = QUICK,
    beside: Any = nobody,
    bring_boards: Any = nothing,
    pacing: bool = True,
    say: Any = None,
    **settings: Any,
) -> AsyncIterator[Arena]:
    """The application on a database, on a free port, until the block is left."""
    given = Settings(**{"guest_turns_per_hour": 1000, "guest_turns_at_once": 20} | settings)
    arenas = {slug: one.model_copy(update={"pacing": pacing}) for slug, one in load_arenas().items()}
    parts = Parts(
        clock=clock, caller=caller, arenas=arenas, rhythm=rhythm, beside=beside, bring_boards=bring_boards
    )
    if say is not None:
        parts = replace(parts, say=say)
    app = create_app(given, database_url, parts)
    server = PromptServer(
        uvicorn.Config(
            app,
            port=0,
            log_level="warning",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=KEEP_SECONDS,
            lifespan="on",
        )
    )
    async with FakeProvider() as provider:
        serving = await server.running()
        port = server.servers[0].sockets[0].getsockname()[1]
        database = Database(database_url, connections=4)
        arena = Arena(f"http://127.0.0.1:{port}", provider, database, given, app)
        try:
            yield arena
        finally:
            for voter in arena.voters:
                await voter.http.close()
            server.end()
            await serving
            await database.close()
