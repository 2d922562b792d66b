"""Who may do what: every route of the OpenAPI document, tried by everyone there is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import delete

from evenhand.accounts.tables import FailureRow
from evenhand.consent.terms import load_terms
from tests.contract.walk import routes
from tests.support.arena import Arena, Voter, running_arena
from tests.support.authenticator import Authenticator
from tests.support.fake_mail import mail_server
from tests.support.passkeys import asked as challenge
from tests.support.signing_in import ANN, BOB, Town

OWNER, OTHER, GUEST, STRANGER = "owner", "other voter", "guest", "stranger"
MODERATOR, ADMIN = "moderator", "admin"
EVERYONE = (STRANGER, GUEST, OTHER, MODERATOR, ADMIN, OWNER)
ADDRESSES = {OTHER: BOB, MODERATOR: "mod@example.org", ADMIN: "admin@example.org", OWNER: ANN}
SECRET = "Marmalade"
"""What the owner asks and calls things; nobody else reads it."""

Codes = dict[str, int]


def everyone(code: int) -> Codes:
    """Open to all: what is answered depends on who asks, that one may ask does not."""
    return dict.fromkeys(EVERYONE, code)


def own(code: int) -> Codes:
    """Of something that belongs to its owner: others get what they would get if it did not exist."""
    return dict.fromkeys(EVERYONE, 404) | {OWNER: code}


def signed_in(code: int, owner: int | None = None) -> Codes:
    """For those who signed in."""
    return everyone(403) | dict.fromkeys(ADDRESSES, code) | {OWNER: owner or code}


def moderators(code: int) -> Codes:
    """For those who look after the arena; of what is people's own they see no more than others."""
    return everyone(403) | {MODERATOR: code, ADMIN: code}


MATRIX: dict[str, Codes] = {
    "GET /health": everyone(200),
    "GET /instance": everyone(200),
    "GET /me": everyone(200),
    "GET /terms": everyone(200),
    "GET /consent": everyone(200),
    "PATCH /consent": everyone(204),
    "GET /contestants": everyone(200),
    "GET /arenas/{slug}/suggestions": everyone(200),
    "GET /presets": everyone(200),
    "GET /boards": everyone(200),
    "GET /boards/{slug}": everyone(200),
    # Of a link that does not exist.
    "GET /sign-in/link": everyone(404),
    "POST /sign-in": everyone(404),
    "POST /sign-in/links": everyone(202),
    # Of a provider that the arena has not; the way back leads to the page that says so.
    "POST /sign-in/providers/{provider}": everyone(404),
    "GET /sign-in/providers/{provider}/callback": everyone(303),
    # Of whoever asks, and of nobody else.
    "GET /conversations": everyone(200),
    "POST /conversations": everyone(201),
    "GET /boards/{slug}/mine": everyone(200),
    "GET /since-you-left": everyone(200),
    "GET /holdings": everyone(200),
    "GET /export": everyone(200) | {STRANGER: 404},
    "GET /folders": everyone(200),
    "POST /folders": everyone(201),
    "GET /prompts": everyone(200),
    "POST /prompts": everyone(201),
    "GET /preferences": everyone(200),
    "PATCH /preferences": everyone(204),
    "GET /conversations/{conversation_id}": own(200),
    "GET /conversations/{conversation_id}/export": own(200),
    "PATCH /conversations/{conversation_id}": own(204),
    "GET /conversations/{conversation_id}/events": own(200),
    "POST /conversations/{conversation_id}/turns": own(202),
    "POST /turns/{turn_id}/stop": own(200),
    "POST /turns/{turn_id}/retry": own(409),  # nothing failed
    "GET /battles/{battle_id}/reveal": own(409),  # there is no vote
    "POST /battles/{battle_id}/guess/time": own(409),
    "POST /battles/{battle_id}/guess": own(409),
    "GET /battles/{battle_id}/guess": own(200),
    "DELETE /battles/{battle_id}/vote": own(404),
    "GET /shares": everyone(200),
    "POST /shares": own(409),  # there is no vote
    "GET /battles/{battle_id}/card.png": own(409),
    # Whoever has the link reads what is behind it, and its owner alone revokes it.
    "GET /shares/{token}": everyone(200),
    "GET /shares/{token}/picture.png": everyone(200),
    "DELETE /shares/{token}": own(204),
    "POST /battles/{battle_id}/vote": own(200),
    "PATCH /folders/{folder_id}": own(200),
    "DELETE /folders/{folder_id}": own(204),
    "PATCH /prompts/{prompt_id}": own(200),
    "DELETE /prompts/{prompt_id}": own(204),
    # Everybody may make or show one; this is none.
    "POST /sign-in/passkey/options": everyone(200),
    "POST /sign-in/passkey": everyone(422),
    "POST /passkeys/options": everyone(200),
    "POST /passkeys": everyone(422),
    "GET /passkeys": signed_in(200),
    "DELETE /passkeys/{passkey_id}": signed_in(404, owner=204),
    "GET /identities": signed_in(200),
    "DELETE /identities/{identity_id}": signed_in(404, owner=409),  # nothing else opens the account
    "GET /sessions": signed_in(200),
    "DELETE /sessions/{session_id}": signed_in(404, owner=204),
    "GET /operations/retention": moderators(200),
    # Nothing of one's own is there afterwards.
    "DELETE /conversations/{conversation_id}": own(204),
    "DELETE /conversations": everyone(204),
    "POST /sign-out": signed_in(204),
    "DELETE /me": everyone(204),  # who signed out is a stranger by now; who signed in is in tests/belongings
}
"""What everyone gets who asks for something of the owner's, in this order."""

BODIES: dict[str, dict[str, Any]] = {
    "POST /sign-in/links": {"email": "{mailbox}"},
    "POST /sign-in": {"token": "x" * 43, "bring": True},
    "POST /sign-in/providers/{provider}": {},
    "POST /conversations": {"arena": "text", "mode": "battle"},
    "POST /folders": {"name": "Plain"},
    "POST /prompts": {"name": "Plain", "text": "Why?"},
    "PATCH /conversations/{conversation_id}": {"pinned": True},
    "POST /conversations/{conversation_id}/turns": {
        "parts": [{"type": "text", "text": SECRET}],
        "terms_version": load_terms().version,
    },
    "PATCH /consent": {"left_out": True},
    "PATCH /preferences": {"theme": "dark"},
    "POST /battles/{battle_id}/vote": {"choice": "tie"},
    "POST /battles/{battle_id}/guess": {"a": "swift"},
    "POST /shares": {"conversation_id": "{conversation_id}", "names": True},
    "PATCH /folders/{folder_id}": {"name": SECRET},
    "POST /sign-in/passkey": {"credential": {}},
    "POST /passkeys": {"credential": {}},
    "PATCH /prompts/{prompt_id}": {"name": SECRET},
    "POST /sign-out": {"everywhere": False},
}
HEADERS = {"GET /sign-in/link": {"Sign-In-Token": "x" * 43}}


@dataclass(frozen=True)
class Things:
    """What the owner has, by the names that paths have for it."""

    ids: dict[str, str]

    @classmethod
    async def of(cls, owner: Voter, elsewhere: str) -> "Things":
        device = Authenticator(owner.base_url)
        made = {"credential": device.make(await challenge(owner, "/passkeys/options"))}
        passkey = await owner.call("POST", "/passkeys", made)
        open_to_all, _ = await owner.battle("Why is the sky blue?")
        [battle] = (await owner.read(open_to_all))["battles"]
        await owner.call("POST", f"/battles/{battle['id']}/vote", {"choice": "a"})
        share = await owner.call("POST", "/shares", {"conversation_id": open_to_all, "names": True})
        conversation, asked = await owner.battle(SECRET)
        folder = await owner.call("POST", "/folders", {"name": SECRET})
        prompt = await owner.call("POST", "/prompts", {"name": "Mine", "text": SECRET})
        battle = (await owner.read(conversation))["battles"][0]["id"]
        [identity] = (await owner.call("GET", "/identities")).body["identities"]
        return cls(
            {
                "conversation_id": conversation,
                "turn_id": asked["id"],
                "battle_id": battle,
                "folder_id": folder.body["id"],
                "prompt_id": prompt.body["id"],
                "session_id": elsewhere,
                "passkey_id": passkey.body["id"],
                "identity_id": identity["id"],
                "provider": "no-such-provider",
                "slug": "text",
                "token": share.body["token"],
            }
        )

    def in_body(self, body: dict[str, Any] | None, who: str) -> dict[str, Any] | None:
        # Each another mailbox: one gets only so many links.
        ids = self.ids | {"mailbox": f"for-{who.replace(' ', '-')}@example.org"}
        known = {f"{{{name}}}": value for name, value in ids.items()}
        return body and {
            name: known.get(value, value) if isinstance(value, str) else value for name, value in body.items()
        }

    def in_path(self, path: str) -> str:
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"nothing of the owner's is known for {path}"
        return path


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    roles = {"moderators": ADDRESSES[MODERATOR], "admins": ADDRESSES[ADMIN]}
    async with mail_server() as mail, running_arena(database_url, **mail.settings, **roles) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        yield Town(arena, mail)


@pytest.fixture
async def people(town: Town) -> dict[str, Voter]:
    guest = voter(town)
    await guest.begin()
    signed_in = {who: await town.sign_in(voter(town), address) for who, address in ADDRESSES.items()}
    return {GUEST: guest, **signed_in}


def voter(town: Town) -> Voter:
    """A stranger at a name: there are no passkeys at an address in figures."""
    voter = town.voter()
    voter.base_url = voter.base_url.replace("127.0.0.1", "localhost")
    return voter


async def test_everyone_may_do_what_is_theirs_and_nothing_else(town: Town, people: dict[str, Voter]) -> None:
    await town.sign_in(voter(town), ANN)  # in another browser, too
    sessions = (await people[OWNER].call("GET", "/sessions")).body["sessions"]
    elsewhere = next(one["id"] for one in sessions if not one["here"])
    things = await Things.of(people[OWNER], elsewhere)
    found: dict[str, Codes] = {}
    for route in MATRIX:
        await forget_tries(town.arena)
        # The owner comes last, and does then what the others could not.
        found[route] = {who: await code(town, people, who, route, things) for who in EVERYONE}
    assert found == MATRIX


async def test_no_route_is_without_an_answer_to_who_may_use_it(arena: Arena) -> None:
    document = (await arena.voter().call("GET", "/openapi.json")).body
    assert {f"{method} {path.removeprefix('/api/v1')}" for path, method in routes(document)} == set(MATRIX)


async def forget_tries(arena: Arena) -> None:
    """So many people with one address would have tried too many links that do not exist."""
    async with arena.database.unit_of_work() as work:
        await work.session.execute(delete(FailureRow))


async def code(town: Town, people: dict[str, Voter], who: str, route: str, things: Things) -> int:
    """The status that somebody gets, who gets nothing else of the owner's."""
    asks = people.get(who) or voter(town)
    method, path = route.split(" ")
    url = f"{asks.base_url}/api/v1{things.in_path(path)}"
    async with asks.http.request(
        method,
        url,
        json=things.in_body(BODIES.get(route), who),
        headers=HEADERS.get(route),
        allow_redirects=False,
    ) as response:
        if who != OWNER:
            told = await response.text(errors="replace")  # an archive is no text
            known_to_all = {"slug"} if "{token}" not in path else {"slug", "token"}
            owners = [SECRET, *(value for name, value in things.ids.items() if name not in known_to_all)]
            leaked = [one for one in owners if one in told]
            assert leaked == [], f"{who} reads of the owner's: {route}"
        return response.status
