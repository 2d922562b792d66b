"""HTTP about the installation itself and about who asks."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.dependencies import CookiesOf, DoorOf, PresentOf, RolesOf
from evenhand.accounts.passkeys.party import party_of
from evenhand.accounts.providers.schemas import ProviderView
from evenhand.accounts.roles import Role, role_of
from evenhand.accounts.sessions import renew
from evenhand.accounts.voters import Person, person
from evenhand.accounts.ways import Way, email_way
from evenhand.app.version import VERSION
from evenhand.arenas import Arena, Mode
from evenhand.battles.dependencies import RunnerOf
from evenhand.battles.limits import Allowance, allowance
from evenhand.battles.quota import quotas
from evenhand.consent.agreements import agrees_to
from evenhand.consent.routes import TermsOf
from evenhand.contestants.price_classes import PriceClass
from evenhand.contestants.service import everyone
from evenhand.core.clock import next_day
from evenhand.core.routers import api_router
from evenhand.core.settings import Settings
from evenhand.storage.dependencies import Now, Work

Notice = Literal["no_contestants", "one_contestant", "demo_models_coming", "demo_models", "paused"]

router = api_router("instance")


class Health(BaseModel):
    """The process answers, and so does its database."""

    status: Literal["ok"]
    version: str


class ShortTerms(BaseModel):
    """Which terms hold, and what stands above the first question; `GET /terms` has them whole."""

    version: str
    short: dict[Literal["en", "zh"], str]


class ArenaView(BaseModel):
    """An arena as the page needs it."""

    slug: str
    name: dict[Literal["en", "zh"], str]
    modes: list[Mode]
    max_prompt_characters: int


class SignInWays(BaseModel):
    """How one can sign in: whether a link comes by mail, on the console, or not at all; and with whom else.

    `passkeys` is the domain that they are for, null where there are none; at other addresses of the arena
    they are of no use.
    """

    email: Way
    providers: list[ProviderView]
    passkeys: str | None


class Instance(BaseModel):
    """The installation; `notices` are codes that the page puts into words."""

    name: str
    version: str
    terms: ShortTerms
    arenas: list[ArenaView]
    notices: list[Notice]
    sign_in: SignInWays


class QuotaView(BaseModel):
    """How many tokens one may use within a UTC day with contestants of a class of price.

    Blind battles count as the dearest of the arena's contestants. `more_signed_in`: signing in gives more.
    """

    price_class: PriceClass
    limit: int
    left: int
    back_at: datetime
    more_signed_in: bool


class Me(BaseModel):
    """Who asks, and what they may; a stranger has no id until the first conversation, a voter has signed in.

    `terms_agreed`: to those that hold. `turns_left` is for the running hour; when it is 0, `turns_back_at`
    says when the next may be asked. `quotas` are those that have a limit. `left_at` is the hour in which this
    browser was last here, before this visit. `role`: what one is to the arena, if anything.
    """

    id: UUID | None
    kind: Literal["stranger", "guest", "voter"]
    email: str | None
    role: Role | None
    terms_agreed: bool
    turns_per_hour: int
    turns_left: int
    turns_back_at: datetime | None
    turns_at_once: int
    left_at: datetime | None
    quotas: list[QuotaView]


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _arenas(request: Request) -> dict[str, Arena]:
    arenas: dict[str, Arena] = request.app.state.arenas
    return arenas


SettingsOf = Annotated[Settings, Depends(_settings)]


@router.get("/health")
async def health(work: Work, runner: RunnerOf) -> Health:
    """Whether the arena works: not when its database does not answer, nor while the process is to end."""
    runner.check_open()
    await work.session.execute(text("SELECT 1"))
    return Health(status="ok", version=VERSION)


@router.get("/instance")
async def instance(
    request: Request,
    work: Work,
    settings: SettingsOf,
    terms: TermsOf,
    door: DoorOf,
    arenas: Annotated[dict[str, Arena], Depends(_arenas)],
) -> Instance:
    """What this installation is called, what it offers, and what its visitors should know."""
    party = party_of(settings, request.scope)
    return Instance(
        name=settings.name,
        version=VERSION,
        terms=ShortTerms(version=terms.version, short={"en": terms.en.short, "zh": terms.zh.short}),
        arenas=[
            ArenaView(
                slug=arena.slug,
                name=arena.name,
                modes=list(arena.modes),
                max_prompt_characters=arena.max_prompt_characters,
            )
            for arena in arenas.values()
        ],
        notices=await _notices(work.session, coming="demo_models" in request.app.state.preparing),
        sign_in=SignInWays(
            email=email_way(settings),
            providers=[ProviderView(slug=one.slug, name=one.name) for one in door.providers.values()],
            passkeys=None if party is None else party.id,
        ),
    )


@router.get("/me")
async def me(
    work: Work,
    present: PresentOf,
    cookies: CookiesOf,
    response: Response,
    settings: SettingsOf,
    terms: TermsOf,
    door: DoorOf,
    roles: RolesOf,
    now: Now,
) -> Me:
    """Who asks. Whoever comes back is remembered for as long again."""
    account = None if present is None else present.account_id
    if present is not None and cookies.session is not None and renew(work.session, present, now):
        cookies.give_session(response, cookies.session)
    may_ask = Allowance(settings.guest_turns_per_hour, None)
    who: Person | None = None
    role: Role | None = None
    agreed = False
    if account is not None:
        agreed = await agrees_to(work.session, account, terms)
        may_ask = await allowance(work.session, account, settings, now)
        who = await person(work.session, account)
        role = await role_of(work.session, door, roles, account)
    return Me(
        id=account,
        kind="stranger" if who is None else who.kind,
        email=None if who is None else who.email,
        role=role,
        terms_agreed=agreed,
        turns_per_hour=settings.guest_turns_per_hour,
        turns_left=may_ask.left,
        turns_back_at=may_ask.back_at,
        turns_at_once=settings.guest_turns_at_once,
        left_at=None if present is None else present.left_at,
        quotas=[
            QuotaView(**one._asdict(), back_at=next_day(now))
            for one in await quotas(work.session, account, settings, now)
        ],
    )


async def _notices(session: AsyncSession, *, coming: bool) -> list[Notice]:
    found = await everyone(session)
    notices: list[Notice] = []
    if coming and len(found) < 2:
        notices.append("demo_models_coming")
    elif not found:
        notices.append("no_contestants")
    elif len(found) == 1:
        notices.append("one_contestant")
    if any(one.contestant.demo for one, _ in found):
        notices.append("demo_models")
    if await session.scalar(text("SELECT EXISTS (SELECT FROM pause)")):
        notices.append("paused")
    return notices
