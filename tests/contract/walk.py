"""Walking everything that leaves the arena about a battle before its vote, looking for who answers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from evenhand.contestants.call_limits import UNLIMITED, CallLimits
from evenhand.history.index import Indexer
from tests.belongings.acts import downloaded, unpacked
from tests.support.arena import Arena, Heard, Voter, settled
from tests.support.fake_provider import Scenario

MARKS = ("zanzibar", "quetzal")
"""What no answer contains, planted wherever a contestant can be known by."""

ABOUT_NO_BATTLE = ("/api/v1/contestants", "/api/v1/boards", "/api/v1/boards/{slug}", "/api/v1/instance")
"""Routes that name contestants on purpose. They must say the same before, during and after an answer."""

NO_SHARE = "x" * 43
"""Nobody's link: before the vote there is none. What links show is walked in tests/sharing."""

DELETING = {
    "DELETE /api/v1/me",
    "DELETE /api/v1/conversations",
    "DELETE /api/v1/conversations/{conversation_id}",
}
"""After one of these there would be nothing left to walk through. They answer nothing."""

NO_WAY_IN = "0198c0de-0000-7000-8000-000000000000"
"""No session and no passkey: the walk goes on as who it began."""


@dataclass
class Leaving:
    """What left, by where it left from."""

    pieces: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, *contents: object) -> None:
        self.pieces[place] = self.pieces.get(place, "") + json.dumps(contents, default=str)

    def leaks(self, secrets: set[str]) -> set[str]:
        """The places at which a secret left."""
        return {
            place
            for place, content in self.pieces.items()
            if any(secret.lower() in content.lower() for secret in secrets)
        }


async def enter_marked(arena: Arena, *, failing: bool = False, limited: bool = False) -> None:
    """Two contestants whose every trait carries a mark.

    When `failing`, one breaks with a telling text; when `limited`, one takes a call at a time, and stalls.
    """
    for mark in MARKS:
        scenario = Scenario(
            text=f"A plain answer. {'word ' * 30}", headers={"X-Served-By": f"{mark}-cluster"}
        )
        if failing and mark == MARKS[0]:
            scenario.fail_times, scenario.status = 1 << 30, 400
            scenario.body = json.dumps({"error": {"message": f"{mark}-model broke", "code": mark}})
        if limited and mark == MARKS[0]:
            scenario.stall_after = 1
        arena.provider.scenarios[f"{mark}-model"] = scenario
    await arena.enter(
        *(
            arena.entry(
                mark,
                name=f"{mark.title()} 7",
                organization=f"{mark.title()} Labs",
                license=f"{mark}-licence",
                context=4_096 + number,
                limits=CallLimits(at_once=1) if limited and mark == MARKS[0] else UNLIMITED,
            )
            for number, mark in enumerate(MARKS)
        )
    )


async def secrets_of(arena: Arena) -> set[str]:
    """The marks, and every id, digest and salt from which someone could tell who answers."""
    found = set(MARKS)
    async with arena.database.unit_of_work() as work:
        for query in (
            "SELECT id::text, digest FROM configuration",
            "SELECT id::text, slug FROM contestant",
            "SELECT encode(salt_a, 'hex'), encode(salt_b, 'hex') FROM battle",
            "SELECT encode(seed, 'hex'), commitment FROM draw_seed",
        ):
            for row in await work.session.execute(text(query)):
                found.update(filter(None, row))
    return found


async def walk(
    arena: Arena, voter: Voter, hearing: Callable[[Heard], None] = lambda event: None
) -> tuple[Leaving, dict[str, Any]]:
    """One battle up to, not including, its vote: what left meanwhile, and what asking gave back.

    `hearing` is told of every event as it comes.
    """

    def rests(event: Heard) -> bool:
        hearing(event)
        return settled(event)

    leaving = Leaving()
    begun = await voter.call("POST", "/conversations", {"arena": "text", "mode": "battle"})
    leaving.add("POST /conversations", begun.body, begun.headers)
    conversation = begun.body["id"]
    async with voter.follow(conversation) as listener:
        leaving.add("events: headers", dict(listener.headers))
        body = {"parts": [{"type": "text", "text": "Say something."}]}
        asked = await voter.call("POST", f"/conversations/{conversation}/turns", body)
        leaving.add("POST turns", asked.body, asked.headers)
        heard = await listener.until(rests)
    leaving.add("events", *heard)
    async with voter.follow(conversation, 0) as replay:
        leaving.add("events: replay", *(await replay.until(settled)))
    leaving.add("events: reload", *(await voter.hear(conversation, settled)))
    battle = next(event.data["id"] for event in reversed(heard) if event.kind == "battle")
    await Indexer(arena.database).write()
    for query in ("plain answer", "say", *MARKS):
        found = await voter.call("GET", "/conversations", params={"query": query})
        leaving.add("search", found.body, found.headers)
        if query not in MARKS:
            assert found.body["items"][0]["hit"]["snippet"], "the search found nothing"
    folder = await voter.call("POST", "/folders", {"name": "Plain"})
    prompt = await voter.call("POST", "/prompts", {"name": "Plain", "text": "Why?"})
    known = {
        "prompt_id": prompt.body["id"],
        "conversation_id": conversation,
        "folder_id": folder.body["id"],
        "turn_id": asked.body["id"],
        "battle_id": battle,
        "slug": "text",
        "session_id": NO_WAY_IN,
        "passkey_id": NO_WAY_IN,
        "token": NO_SHARE,
        "identity_id": NO_WAY_IN,
        "provider": "nowhere",
    }
    for form in ("json", "markdown"):
        exported, headers = await downloaded(voter, f"/conversations/{conversation}/export?format={form}")
        leaving.add(f"export as {form}", exported.decode(), headers)
        leaving.add(f"export of everything as {form}", await unpacked(voter, form))
    async for place, answered in every_route(arena, voter, known):
        leaving.add(place, answered.body, answered.headers)
    return leaving, asked.body | {"battle_id": battle, "heard": heard}


async def every_route(arena: Arena, voter: Voter, known: dict[str, str]) -> Any:
    """The answer of every route of the OpenAPI document that names no contestant on purpose.

    Votes and deletions are left out, and so are the stream of events and exports, walked as what they are.
    """
    document = (await voter.call("GET", "/openapi.json")).body
    for path, method in routes(document):
        if path in ABOUT_NO_BATTLE or path.endswith(("/events", "/vote", "/export")):
            continue
        if f"{method} {path}" in DELETING:
            continue
        address = path.removeprefix("/api/v1")
        for name, value in known.items():
            address = address.replace(f"{{{name}}}", value)
        assert "{" not in address, f"{path}: the walk does not know what to put there"
        has_name = "/folders/" in path or "/prompts/" in path
        body = {
            "POST": {"parts": [], "arena": "text", "mode": "battle"},
            "PATCH": {"name": "Another"} if has_name else {"pinned": True},
        }.get(method)
        yield f"{method} {path}", await voter.call(method, address, body, allow_redirects=False)


def routes(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, methods in document["paths"].items():
        for method in methods:
            yield path, method.upper()


async def spoken_of_nobody(voter: Voter) -> list[object]:
    """What the routes that name contestants say, but for the time of it."""
    said: list[object] = []
    for path in ("/contestants", "/boards", "/boards/text", "/instance"):
        body = (await voter.call("GET", path)).body
        body.pop("updated_at", None)
        said.append(body)
    return said
