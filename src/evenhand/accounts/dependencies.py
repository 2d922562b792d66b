"""Who makes a request, from the session's cookie."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.service import LIFETIME, create_guest, find_account
from evenhand.storage.dependencies import Now, Work


def cookie_name(*, secure: bool) -> str:
    """`__Host-` ties the cookie to this host and to https; on plain http browsers would refuse it."""
    return "__Host-evenhand" if secure else "evenhand"


def _is_secure(request: Request) -> bool:
    public_url = request.app.state.settings.public_url
    return request.url.scheme == "https" or (public_url or "").startswith("https://")


Find = Callable[[AsyncSession], Awaitable[UUID | None]]
"""What finds the account that asks; None for a stranger, who then owns nothing."""


async def _find(request: Request, now: Now) -> Find:
    token = request.cookies.get(cookie_name(secure=_is_secure(request)))
    return partial(find_account, token=token, now=now)


async def _account(work: Work, find: "FindAccount") -> UUID | None:
    return await find(work.session)


async def _guest(request: Request, response: Response, work: Work, now: Now, account: "Account") -> UUID:
    if account is not None:
        return account
    account_id, token = create_guest(work.session, now)
    secure = _is_secure(request)
    response.set_cookie(
        cookie_name(secure=secure),
        token,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return account_id


FindAccount = Annotated[Find, Depends(_find)]
"""For what reads in a transaction of its own who asks."""
Account = Annotated[UUID | None, Depends(_account, scope="function")]
"""The account that asks, or None; see `Find`."""
Guest = Annotated[UUID, Depends(_guest, scope="function")]
"""The account that asks; a stranger becomes a guest here, and gets the cookie."""
