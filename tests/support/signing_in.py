"""Signing in as people do: ask for a link, read the mail, use it."""

import re
from email.message import EmailMessage
from typing import Any

from tests.support.arena import Answered, Arena, Voter
from tests.support.fake_mail import FakeMail

ANN = "ann@example.org"
BOB = "bob@example.org"


def link_in(letter: EmailMessage) -> str:
    """The whole address in a letter."""
    [link] = re.findall(r"https?://\S+", letter.get_content())
    return str(link)


def token_in(letter: EmailMessage) -> str:
    return link_in(letter).rpartition("#")[2]


class Town:
    """An arena with its mail server."""

    def __init__(self, arena: Arena, mail: FakeMail) -> None:
        self.arena = arena
        self.mail = mail
        self._asked: dict[str, int] = {}

    def voter(self) -> Voter:
        return self.arena.voter()

    async def ask(self, voter: Voter, email: str = ANN, **more: Any) -> Answered:
        options = {"headers": more.pop("headers")} if "headers" in more else {}
        return await voter.call("POST", "/sign-in/links", {"email": email, **more}, **options)

    async def token(self, voter: Voter, email: str = ANN, **more: Any) -> str:
        """The token of a new link to an address."""
        asked = await self.ask(voter, email, **more)
        assert asked.status == 202, asked
        self._asked[email] = self._asked.get(email, 0) + 1
        return token_in(await self.mail.letter_to(email, self._asked[email]))

    async def sign_in(self, voter: Voter, email: str = ANN) -> Voter:
        used = await use(voter, await self.token(voter, email))
        assert used.status == 200, used
        return voter


async def use(voter: Voter, token: str, *, bring: bool = True, **options: Any) -> Answered:
    return await voter.call("POST", "/sign-in", {"token": token, "bring": bring}, **options)


async def look(voter: Voter, token: str, **headers: str) -> Answered:
    return await voter.call("GET", "/sign-in/link", headers={"Sign-In-Token": token, **headers})


async def me(voter: Voter) -> tuple[str, str | None]:
    body = (await voter.call("GET", "/me")).body
    return body["kind"], body["email"]


async def chats(voter: Voter) -> list[str]:
    """The ids of somebody's conversations."""
    answered = await voter.call("GET", "/conversations")
    assert answered.status == 200, answered
    return sorted(one["id"] for one in answered.body["items"])
