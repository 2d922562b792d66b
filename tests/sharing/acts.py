"""What somebody does who shares, and what a stranger then gets."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.support.arena import Answered, Arena, Voter, settled

ANSWERS = {"zanzibar": "Blue light is scattered most.", "quetzal": "因为蓝光散射得最多。"}
"""What the two contestants answer; neither says who it is."""


@dataclass
class Fetched:
    """A response of which everything counts."""

    status: int
    kind: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


async def fetch(arena: Arena, path: str) -> Fetched:
    """What somebody without any cookie gets at an address."""
    async with aiohttp.ClientSession() as http, http.get(arena.base_url + path) as response:
        body = await response.read()
        return Fetched(
            response.status,
            response.content_type,
            {name.lower(): value for name, value in response.headers.items()},
            body,
        )


@dataclass
class Sharer:
    """Somebody who asks, votes and shares."""

    arena: Arena
    voter: Voter

    async def voted(self, question: str = "Why is the sky blue?", choice: str = "a") -> tuple[str, str]:
        """A conversation with one battle that was voted on: the ids of both."""
        conversation, asked = await self.voter.battle(question)
        answered = await self.voter.vote(asked["battle_id"], choice)
        assert answered.status == 200, answered
        return conversation, asked["battle_id"]

    async def ask_on(self, conversation: str, question: str, **more: Any) -> dict[str, Any]:
        """One more question in a conversation, answered."""
        asked = await self.voter.ask(conversation, question, **more)
        await self.voter.hear(conversation, settled)
        return asked

    async def try_to_share(self, **asked: Any) -> Answered:
        return await self.voter.call("POST", "/shares", {"names": True, **asked})

    async def share(self, **asked: Any) -> str:
        """The token of a link."""
        answered = await self.try_to_share(**asked)
        assert answered.status == 201, answered
        return str(answered.body["token"])

    async def shares(self, **params: str) -> list[dict[str, Any]]:
        answered = await self.voter.call("GET", "/shares", params=params)
        assert answered.status == 200, answered
        return list(answered.body["items"])

    async def read(self, token: str) -> dict[str, Any]:
        """What a stranger reads by a link."""
        answered = await self.arena.voter().call("GET", f"/shares/{token}")
        assert answered.status == 200, answered
        return answered.body


def questions(shared: dict[str, Any]) -> list[str]:
    return [turn["parts"][0]["text"] for turn in shared["turns"]]
