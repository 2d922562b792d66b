"""HTTP of signing in, sessions and signing out."""

import hmac
from functools import partial
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Header, Request, Response, status
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts import limits, links, sessions
from evenhand.accounts.cookies import Cookies
from evenhand.accounts.dependencies import CookiesOf, DoorOf, PresentOf, Voter
from evenhand.accounts.door import base_url
from evenhand.accounts.emails import email_of
from evenhand.accounts.entrance import EntranceOf
from evenhand.accounts.letters import Letter
from evenhand.accounts.links import Asking
from evenhand.accounts.schemas import (
    Link,
    LinkAsked,
    LinkRequest,
    Session,
    SessionList,
    SignedIn,
    SignInRequest,
    SignOutRequest,
    Token,
)
from evenhand.accounts.sessions import Present
from evenhand.accounts.tables import LinkRow
from evenhand.accounts.voters import Known, add_identity, owner_of, person
from evenhand.core.errors import NotFound
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import DatabaseOf, Now, Work
from evenhand.storage.engine import Database, UnitOfWork

_log = structlog.get_logger()

router = api_router("accounts")


def _host_of(request: Request) -> str | None:
    return None if request.client is None else request.client.host


@router.post("/sign-in/links", status_code=status.HTTP_202_ACCEPTED)
async def ask_for_link(
    asked: LinkRequest,
    request: Request,
    response: Response,
    work: Work,
    cookies: CookiesOf,
    door: DoorOf,
    now: Now,
) -> LinkAsked:
    """Have a link sent that signs one in. The answer is the same whether the address is known here or not."""
    way = door.check_open()
    asking = Asking(
        email=email_of(asked.email),
        asked_here=cookies.asked_here or sessions.new_token(),
        requester=door.requesters.hash_of(_host_of(request)),
        next=links.own_page(asked.next),
    )
    await limits.check_links(
        work.session, asking.email, asking.requester, door.settings.sign_in_links_per_hour, now
    )
    door.post.check_room()
    token = links.create(work.session, asking, now)
    # After the #, so that it reaches no server, and no log of one, before the page uses it.
    address = f"{base_url(door.settings, request.scope)}/sign-in/link#{token}"
    letter = Letter(asking.email, asked.language, address, door.settings.name)
    work.after_commit(partial(door.post.send, letter))
    cookies.give_asked_here(response, asking.asked_here)
    return LinkAsked(valid_seconds=int(links.VALID.total_seconds()), sent_by=way)


@router.get("/sign-in/link")
async def look_at_link(
    sign_in_token: Annotated[Token, Header()],
    request: Request,
    work: Work,
    present: PresentOf,
    cookies: CookiesOf,
    door: DoorOf,
    database: DatabaseOf,
    now: Now,
) -> Link:
    """Whom a link signs in. Looking uses nothing up, whoever or whatever looks."""
    requester = door.requesters.hash_of(_host_of(request))
    link = await links.look(work.session, sign_in_token, now)
    if link is None:
        raise await _no_link(work, database, requester, now)
    chats = 0
    if present is not None and (await person(work.session, present.account_id)).kind == "guest":
        chats = await door.count_chats(work.session, present.account_id)
    return Link(
        email=link.email,
        expires_at=link.expires_at,
        asked_here=_is_asked_here(link, cookies),
        adds=await _adds(work.session, link, present, cookies),
        chats=chats,
    )


@router.post("/sign-in")
async def sign_in(given: SignInRequest, entrance: EntranceOf, database: DatabaseOf) -> SignedIn:
    """Use a link: one is signed in, by a new session in place of the one that the browser had.

    With `bring` what the browser's guest has moves into the account; without it, nobody reads it any more. An
    account without an address gets this one, if it is nobody's and was asked for in this browser.
    """
    link = await links.use(entrance.work.session, given.token, entrance.now)
    if link is None:
        raise await _no_link(entrance.work, database, entrance.requester, entrance.now)
    known = Known("email", link.email)
    if await _adds(entrance.work.session, link, entrance.present, entrance.cookies):
        assert entrance.present is not None, "somebody is signed in"
        await add_identity(entrance.work.session, entrance.present.account_id, known, entrance.now)
    await entrance.let_in(known, bring=given.bring)
    entrance.cookies.take_asked_here(entrance.response)
    return SignedIn(next=link.next)


@router.get("/sessions")
async def list_sessions(work: Work, voter: Voter, now: Now) -> SessionList:
    """Where one is signed in: here, and in other browsers."""
    found = [
        Session(
            id=one.id,
            here=one.id == voter.session_id,
            created_at=one.created_at,
            seen_at=one.seen_at or one.created_at,
            browser=one.browser,
            system=one.system,
        )
        for one in await sessions.running(work.session, voter.account_id, now)
    ]
    return SessionList(sessions=sorted(found, key=lambda one: not one.here))


@router.delete("/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(
    session_id: UUID, response: Response, work: Work, voter: Voter, cookies: CookiesOf
) -> None:
    """Sign out in another browser, or here."""
    if not await sessions.end(work.session, voter.account_id, session_id):
        raise NotFound("not_found", "There is no such session among yours.")
    if session_id == voter.session_id:
        cookies.take_session(response)


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(
    wanted: SignOutRequest, response: Response, work: Work, voter: Voter, cookies: CookiesOf
) -> None:
    """Sign out here, or everywhere. What is left here is a stranger."""
    if wanted.everywhere:
        await sessions.end_all(work.session, voter.account_id)
    else:
        await sessions.end(work.session, voter.account_id, voter.session_id)
    cookies.take_session(response)


def _is_asked_here(link: LinkRow, cookies: Cookies) -> bool:
    return hmac.compare_digest(sessions.hash_of(cookies.asked_here or ""), link.asked_here)


async def _adds(session: AsyncSession, link: LinkRow, present: Present | None, cookies: Cookies) -> bool:
    """Whether a link adds its address to the account that one is signed in to.

    Only in the browser that asked for it: else whoever uses a stranger's link would give their address to the
    stranger's account.
    """
    if present is None or not _is_asked_here(link, cookies):
        return False
    who = await person(session, present.account_id)
    without_address = who.kind == "voter" and who.email is None
    return without_address and await owner_of(session, Known("email", link.email)) is None


async def _no_link(work: UnitOfWork, database: Database, requester: bytes, now: Now) -> NotFound:
    """What somebody gets who tries a link that does not exist; it is remembered."""
    # With two connections each, a burst of these would take all there are, and then wait for each other.
    await work.session.rollback()
    _log.info("sign_in_failed", reason="unknown_link")
    await limits.note_wrong_try(database, requester, now)
    return NotFound("unknown_link", "There is no such link; see whether it is whole, or ask for a new one.")
