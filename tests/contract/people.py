"""Who asks, when every route is tried: nobody, a guest and a voter, with one of everything one can have."""

import asyncio
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from evenhand.accounts.voters import Known as Identity
from evenhand.accounts.voters import add_identity
from evenhand.consent.terms import load_terms
from evenhand.core.clock import now
from tests.support.arena import Arena, Voter, settled
from tests.support.authenticator import Authenticator
from tests.support.fake_provider import Scenario
from tests.support.passkeys import asked
from tests.support.signing_in import use

Known = dict[str, list[Any]]
PROVIDER = "first"
"""With whom one can sign in, too."""
MODERATOR = "voter1@example.org"
"""The address of the first voter."""


@dataclass
class Person:
    """A browser, and what is known to exist of its owner's, by the names that the document has for it.

    `fitting` has what a route is for: of the things of one name the one that it works with, and what a body
    needs that the document leaves open.
    """

    voter: Voter | None = None
    known: Known = field(default_factory=dict)
    fitting: dict[str, Known] = field(default_factory=dict)

    def known_for(self, route: str) -> tuple[Known, Known]:
        """What can be named to a route, what fits it first; and what fits it."""
        fitting = self.fitting.get(route, {})
        known = {name: [*best, *self.known.get(name, [])] for name, best in fitting.items()}
        return self.known | known, fitting

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser would send along."""
        return {} if self.voter is None else {one.key: one.value for one in self.voter.http.cookie_jar}


class People:
    """Those who ask in an arena. `said` has the links that its console shows."""

    def __init__(self, arena: Arena, said: "asyncio.Queue[str]") -> None:
        self._arena = arena
        self._said = said
        self._numbers = count(1)
        self.origin = arena.base_url.replace("127.0.0.1", "localhost")

    async def enter(self) -> None:
        """Two contestants that answer, and one that never does."""
        broken = Scenario(fail_times=1 << 30, status=400)
        await self._arena.enter(
            self._arena.entry("swift"), self._arena.entry("calm"), self._arena.entry("broken", broken)
        )

    async def stranger(self) -> Person:
        """Nobody, who knows what anybody may."""
        return Person(known=_known_to_all())

    async def guest(self) -> Person:
        """A guest who has asked, voted, shared and kept something."""
        voter = self._arena.voter()
        voter.base_url = self.origin
        person = Person(voter, _known_to_all())
        await self._equip(voter, person)
        return person

    async def voter(self) -> Person:
        """A voter who has all that, and signs in by a link, a provider and a passkey, in two browsers."""
        person = await self.guest()
        voter, known = person.voter, person.known
        assert voter is not None
        email = f"voter{next(self._numbers)}@example.org"
        await use(voter, await self._token(voter, email))
        elsewhere = self._arena.voter()
        await use(elsewhere, await self._token(elsewhere, email))
        me = (await voter.call("GET", "/me")).body["id"]
        async with self._arena.database.unit_of_work() as work:
            await add_identity(work.session, me, Identity("oidc", email, "https://issuer.example"), now())
        device = Authenticator(self.origin)
        made = await voter.call(
            "POST", "/passkeys", {"credential": device.make(await asked(voter, "/passkeys/options"))}
        )
        sessions = (await voter.call("GET", "/sessions")).body["sessions"]
        identities = (await voter.call("GET", "/identities")).body["identities"]
        token = await self._token(voter, email)
        known |= {
            "session_id": [one["id"] for one in sessions if not one["here"]],
            "identity_id": [one["id"] for one in identities],
            "passkey_id": [made.body["id"]],
            "sign-in-token": [token],
        }
        other = Authenticator(self.origin)
        shown = device.show(await asked(voter, "/sign-in/passkey/options"))
        options = await asked(voter, "/passkeys/options") | {"excludeCredentials": []}
        person.fitting |= {
            "POST /api/v1/sign-in": {"token": [token]},
            "POST /api/v1/sign-in/passkey": {"credential": [shown]},
            "POST /api/v1/passkeys": {"credential": [other.make(options)]},
        }
        return person

    async def _token(self, voter: Voter, email: str) -> str:
        await voter.call("POST", "/sign-in/links", {"email": email})
        # Others ask for links, too.
        while email not in (line := await self._said.get()):
            pass
        return line.rpartition("#")[2]

    async def _equip(self, voter: Voter, person: Person) -> None:
        """Gives somebody one of everything: a battle without a vote, with a held one, with a final one …"""
        chats: list[str] = []
        turns: list[str] = []
        battles: list[str] = []
        for hold in (None, 10, 0):
            chat, turn = await voter.battle("Why is the sky blue?")
            # The last: one with the contestant that does not answer was drawn anew.
            battle = (await voter.read(chat))["battles"][-1]["id"]
            if hold is not None:
                vote = {"choice": "a", "hold": hold}
                answered = await voter.call("POST", f"/battles/{battle}/vote", vote)
                assert answered.status == 200, answered
            chats.append(chat)
            turns.append(turn["id"])
            battles.append(battle)
        _, held, voted = battles
        failed = await voter.begin("direct", "broken")
        broken = (await voter.ask(failed, "Are you there?"))["id"]
        await voter.hear(failed, settled)
        share = await voter.call("POST", "/shares", {"conversation_id": chats[-1], "names": True})
        folder = await voter.call("POST", "/folders", {"name": "Plain"})
        prompt = await voter.call("POST", "/prompts", {"name": "Plain", "text": "Why?"})
        page = await voter.call("GET", "/conversations", params={"limit": 2})
        person.known |= {
            "conversation_id": [*chats, failed],
            "conversation": chats[-1:],
            "turn_id": [*turns, broken],
            "parent_id": turns,
            "end_id": turns,
            "battle_id": battles,
            "battle": [voted],
            "token": [share.body["token"]],
            "folder_id": [folder.body["id"]],
            "folder": [folder.body["id"]],
            "prompt_id": [prompt.body["id"]],
            "cursor": [page.body["next"]],
            "last-event-id": ["0"],
        }
        person.fitting = {
            "POST /api/v1/turns/{turn_id}/retry": {"turn_id": [broken]},
            "POST /api/v1/shares": {"conversation_id": chats[-1:]},
            "PATCH /api/v1/consent": {"left_out": [True]},
            "PATCH /api/v1/preferences": {"theme": ["dark"]},
            "PATCH /api/v1/conversations/{conversation_id}": {"pinned": [True]},
            "GET /api/v1/battles/{battle_id}/reveal": {"battle_id": [voted]},
            "GET /api/v1/battles/{battle_id}/card.png": {"battle_id": [voted]},
            "DELETE /api/v1/battles/{battle_id}/vote": {"battle_id": [held]},
            "POST /api/v1/battles/{battle_id}/guess/time": {"battle_id": [held]},
            "POST /api/v1/battles/{battle_id}/guess": {"battle_id": [held]},
        }


def _known_to_all() -> Known:
    return {
        "email": ["ann@example.org"],
        "slug": ["text"],
        "arena": ["text"],
        "mode": ["battle", "side_by_side", "direct"],
        "contestants": [[], ["swift"], ["swift", "calm"]],
        "a": ["swift"],
        "b": ["calm"],
        "provider": [PROVIDER],
        "terms_version": [load_terms().version],
        "next": ["/boards/text"],
        "query": ["sky"],
    }


def names_in(containers: Iterable[Any], known: Known) -> Iterator[tuple[Any, str, list[Any]]]:
    """Where something stands that could be what is known: the container, its name there, what it could be."""
    for container in containers:
        if isinstance(container, MutableMapping):
            for name in sorted(map(str, container)):
                if values := known.get(name.lower()):
                    yield container, name, values
