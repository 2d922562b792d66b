"""Who makes a request, from the session's cookie."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.browsers import Browser, browser_of
from evenhand.accounts.cookies import Cookies
from evenhand.accounts.door import Door
from evenhand.accounts.roles import Role, Roles, role_of, suffices
from evenhand.accounts.sessions import Present, create_guest, find_present
from evenhand.accounts.voters import person
from evenhand.core.errors import Forbidden
from evenhand.storage.dependencies import Now, Work


async def _cookies(request: Request) -> Cookies:
    return Cookies.of(request)


CookiesOf = Annotated[Cookies, Depends(_cookies)]
"""This arena's cookies, as the request has them."""


async def _browser(request: Request) -> Browser:
    return browser_of(request.headers.get("user-agent"))


BrowserOf = Annotated[Browser, Depends(_browser)]


Find = Callable[[AsyncSession], Awaitable[UUID | None]]
"""What finds the account that asks; None for a stranger, who then owns nothing."""


async def _find(cookies: CookiesOf, now: Now) -> Find:
    async def find(session: AsyncSession) -> UUID | None:
        present = await find_present(session, cookies.session, now, notes=False)
        return None if present is None else present.account_id

    return find


async def _present(cookies: CookiesOf, work: Work, now: Now) -> Present | None:
    return await find_present(work.session, cookies.session, now)


PresentOf = Annotated[Present | None, Depends(_present, scope="function")]
"""Who asks, and by which session; None for a stranger."""


async def _account(present: PresentOf) -> UUID | None:
    return None if present is None else present.account_id


async def _guest(
    response: Response, work: Work, now: Now, account: "Account", cookies: CookiesOf, browser: BrowserOf
) -> UUID:
    if account is not None:
        return account
    account_id, token = create_guest(work.session, browser, now)
    cookies.give_session(response, token)
    return account_id


async def _voter(present: PresentOf, work: Work) -> Present:
    if present is None or (await person(work.session, present.account_id)).kind != "voter":
        raise Forbidden("not_signed_in", "Sign in first.")
    return present


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def _roles(request: Request) -> Roles:
    roles: Roles = request.app.state.roles
    return roles


FindAccount = Annotated[Find, Depends(_find)]
"""For what reads in a transaction of its own who asks."""
Account = Annotated[UUID | None, Depends(_account, scope="function")]
"""The account that asks, or None; see `Find`."""
Guest = Annotated[UUID, Depends(_guest, scope="function")]
"""The account that asks; a stranger becomes a guest here, and gets the cookie."""
Voter = Annotated[Present, Depends(_voter, scope="function")]
"""Who asks, if they signed in; refused otherwise."""
DoorOf = Annotated[Door, Depends(_door)]
RolesOf = Annotated[Roles, Depends(_roles)]


def needs(role: Role) -> Callable[..., Awaitable[None]]:
    """Lets those through who have a role, or a higher one; others are told what it takes."""

    async def check(voter: Voter, work: Work, door: DoorOf, roles: RolesOf) -> None:
        if not suffices(await role_of(work.session, door, roles, voter.account_id), role):
            raise Forbidden(
                "role_needed",
                f"This is for a {role} of the arena: whoever runs it can add your address to "
                f"EVENHAND_{role.upper()}S.",
                extra={"role": role},
            )

    return check
