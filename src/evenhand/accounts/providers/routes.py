"""HTTP of signing in with a provider: away to it, and back from it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import Query, Request, Response, status
from fastapi.responses import RedirectResponse

from evenhand.accounts import flows, limits, links, sessions
from evenhand.accounts.cookies import Cookies
from evenhand.accounts.dependencies import BrowserOf, CookiesOf, DoorOf
from evenhand.accounts.door import Door, base_url
from evenhand.accounts.entrance import Entrance
from evenhand.accounts.flows import Setting, secrets_of
from evenhand.accounts.providers.provider import (
    Claimed,
    Leaving,
    Provider,
    ProviderDown,
    ProviderWrong,
    Returning,
    error_code,
)
from evenhand.accounts.providers.schemas import ProviderBegun, ProviderRequest
from evenhand.accounts.tables import FlowRow
from evenhand.accounts.voters import Known, add_identity, owner_of, person
from evenhand.core.errors import Conflict, Forbidden, NotFound, Problem, Unavailable
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import DatabaseOf, Now
from evenhand.storage.engine import UnitOfWork

_log = structlog.get_logger()

router = api_router("accounts")

Given = Annotated[str | None, Query(max_length=4096)]


@router.post("/sign-in/providers/{provider}")
async def go_to_provider(
    provider: str,
    asked: ProviderRequest,
    request: Request,
    response: Response,
    cookies: CookiesOf,
    door: DoorOf,
    database: DatabaseOf,
    now: Now,
) -> ProviderBegun:
    """Begin to sign in with a provider, or to add it to one's account: where the browser goes for it."""
    with_whom = _provider(door, provider)
    asked_here = cookies.asked_here or sessions.new_token()
    async with database.unit_of_work() as work:
        setting = Setting(
            provider=provider,
            asked_here=asked_here,
            requester=door.requesters.hash_of(None if request.client is None else request.client.host),
            next=links.own_page(asked.next),
            account_id=await _voter(work, cookies, now) if asked.connect else None,
        )
        await limits.check_flows(work.session, setting.requester, now)
        state = flows.begin(work.session, setting, now)
    secrets = secrets_of(state, asked_here)
    back = _redirect_uri(door, request, provider)
    # No transaction is open while somebody elsewhere is waited for.
    async with _asking(provider):
        address = await with_whom.address(Leaving(back, state, secrets.nonce, secrets.challenge), now)
    cookies.give_asked_here(response, asked_here)
    return ProviderBegun(address=address)


@router.get(
    "/sign-in/providers/{provider}/callback",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
)
async def come_back_from_provider(
    provider: str,
    request: Request,
    cookies: CookiesOf,
    browser: BrowserOf,
    door: DoorOf,
    database: DatabaseOf,
    now: Now,
    state: Given = None,
    code: Given = None,
    iss: Given = None,
) -> Response:
    """Where a provider sends somebody back to: they are signed in, and go on. What fails, the page says."""
    flow: FlowRow | None = None
    try:
        with_whom = _provider(door, provider)
        async with database.unit_of_work() as work:
            # Used up before the provider is asked, so that nothing is tried twice.
            asked_here = cookies.asked_here or ""
            flow = await flows.take(work.session, state or "", asked_here, provider, now)
        if flow is None or state is None:
            raise _not_begun()
        if code is None:
            error = error_code(request.query_params.get("error", ""))
            _log.info("provider_refused", provider=provider, reason=error)
            raise Conflict(
                "provider_refused", "The provider signed nobody in; begin again, or sign in another way."
            )
        secrets = secrets_of(state, asked_here)
        back = _redirect_uri(door, request, provider)
        async with _asking(provider):
            claimed = await with_whom.who(Returning(code, iss, back, secrets.nonce, secrets.verifier), now)
        response = RedirectResponse(flow.next, status.HTTP_303_SEE_OTHER)
        async with database.unit_of_work() as work:
            present = await sessions.find_present(work.session, cookies.session, now)
            entrance = Entrance(work, door, present, cookies, browser, flow.requester, response, now)
            await _let_in(entrance, flow, claimed)
    except Problem as problem:
        _log.info("sign_in_failed", reason=problem.code)
        return RedirectResponse(_page_that_says(problem, flow), status.HTTP_303_SEE_OTHER)
    return response


async def _let_in(entrance: Entrance, flow: FlowRow, claimed: Claimed) -> None:
    """Sign somebody in or, where they began that, let this open the account that they are signed in to."""
    known = Known("oidc", claimed.subject, claimed.issuer, claimed.label)
    if flow.account_id is None:
        await entrance.let_in(known, bring=True, email=claimed.email)
        entrance.cookies.take_asked_here(entrance.response)
        return
    if entrance.present is None or entrance.present.account_id != flow.account_id:
        raise _not_begun()
    session = entrance.work.session
    owner = await owner_of(session, known)
    if owner is None:
        await add_identity(session, flow.account_id, known, entrance.now)
    elif owner != flow.account_id:
        raise Conflict(
            "identity_taken",
            "This opens another account here; sign in with it, and remove it there first.",
        )


async def _voter(work: UnitOfWork, cookies: Cookies, now: datetime) -> UUID:
    present = await sessions.find_present(work.session, cookies.session, now)
    if present is None or (await person(work.session, present.account_id)).kind != "voter":
        raise Forbidden("not_signed_in", "Sign in first.")
    return present.account_id


def _provider(door: Door, slug: str) -> Provider:
    provider = door.providers.get(slug)
    if provider is None:
        raise NotFound("unknown_provider", "This arena has no such provider; sign in another way.")
    return provider


@asynccontextmanager
async def _asking(provider: str) -> AsyncIterator[None]:
    """What goes wrong at the provider is said to the person in a sentence, and in the log why."""
    try:
        yield
    except ProviderDown as error:
        _log.warning("provider_unavailable", provider=provider, reason=error.reason)
        raise Unavailable(
            "provider_unavailable",
            "The provider does not answer; try again in a minute, or sign in another way.",
            retry_after=60,
        ) from None
    except ProviderWrong as error:
        _log.warning("provider_not_believed", provider=provider, reason=error.reason)
        raise Unavailable(
            "provider_not_believed",
            "What the provider answered cannot be relied on, so nobody was signed in; begin again, and if it "
            "stays so, tell the operator, whose log says why.",
        ) from None


def _not_begun() -> Conflict:
    return Conflict(
        "sign_in_not_begun",
        "This sign-in was not begun in this browser, or it is older than 10 minutes or used up; begin again.",
    )


def _redirect_uri(door: Door, request: Request, provider: str) -> str:
    """Where the provider sends people back to: an address for each, so that none answers for another."""
    return f"{base_url(door.settings, request.scope)}/api/v1/sign-in/providers/{provider}/callback"


def _page_that_says(problem: Problem, flow: FlowRow | None) -> str:
    """The page from which one can begin again."""
    if flow is not None and flow.account_id is not None:
        return f"/account?{urlencode({'problem': problem.code})}"
    onward = {} if flow is None or flow.next == "/" else {"next": flow.next}
    return f"/sign-in?{urlencode({'problem': problem.code, **onward})}"
