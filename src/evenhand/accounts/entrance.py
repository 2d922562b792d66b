"""Letting somebody in: their account opens, and their browser gets a new session in place of its old one."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response

from evenhand.accounts import sessions
from evenhand.accounts.browsers import Browser
from evenhand.accounts.cookies import Cookies
from evenhand.accounts.dependencies import BrowserOf, CookiesOf, DoorOf, PresentOf
from evenhand.accounts.door import Door
from evenhand.accounts.sessions import Present
from evenhand.accounts.voters import Known, open_account
from evenhand.storage.dependencies import Now, Work
from evenhand.storage.engine import UnitOfWork

_log = structlog.get_logger()


@dataclass(frozen=True)
class Entrance:
    """A request that may let somebody in: who is here so far, in which browser, and where it comes from."""

    work: UnitOfWork
    door: Door
    present: Present | None
    cookies: Cookies
    browser: Browser
    requester: bytes
    response: Response
    now: datetime

    async def let_in(self, known: Known, *, bring: bool, email: str | None = None) -> None:
        """Open the account of who is known by this, by a new session in place of the browser's old one.

        With `bring` what the browser's guest has moves into it; without, nobody reads it any more. `email` is
        an address that is theirs, too.
        """
        session, present = self.work.session, self.present
        guest = None if present is None or not bring else present.account_id
        opened = await open_account(session, known, guest, self.door.moves, self.now, email=email)
        if present is not None:
            # The token that the browser had may be known to others: it opens nothing from now on.
            await sessions.end(session, present.account_id, present.session_id)
        if opened.guest != "none":
            assert guest is not None, "a guest came along"
            await sessions.end_all(session, guest)
        token = sessions.begin(session, opened.account_id, self.browser, self.now)
        self.cookies.give_session(self.response, token)
        self.work.after_commit(
            partial(_log.info, "signed_in", account=str(opened.account_id), guest=opened.guest, by=known.kind)
        )


async def _entrance(
    request: Request,
    response: Response,
    work: Work,
    present: PresentOf,
    cookies: CookiesOf,
    browser: BrowserOf,
    door: DoorOf,
    now: Now,
) -> Entrance:
    host = None if request.client is None else request.client.host
    requester = door.requesters.hash_of(host)
    return Entrance(work, door, present, cookies, browser, requester, response, now)


EntranceOf = Annotated[Entrance, Depends(_entrance, scope="function")]
