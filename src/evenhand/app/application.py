"""The application: everything wired together."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import FastAPI

from evenhand.accounts import identity_routes as identities
from evenhand.accounts import routes as accounts
from evenhand.accounts.belongings import Belongings
from evenhand.accounts.door import Door
from evenhand.accounts.flows import erase_flows
from evenhand.accounts.passkeys import routes as passkeys
from evenhand.accounts.passkeys.challenges import erase_challenges
from evenhand.accounts.post import Deliver, Post, console_deliver, smtp_deliver
from evenhand.accounts.providers import routes as providers
from evenhand.accounts.providers.provider import Provider
from evenhand.accounts.requesters import Requesters
from evenhand.accounts.roles import Roles
from evenhand.accounts.taking_along import export_account
from evenhand.accounts.ways import email_way
from evenhand.app import instance
from evenhand.app.api import Api
from evenhand.app.jobs import jobs
from evenhand.app.manifest import manifest
from evenhand.app.middleware import BodyLimit, KnownHost, SameOrigin, SecurityHeaders
from evenhand.app.problems import add_problem_handlers
from evenhand.app.shared_page import SharedPage
from evenhand.app.static import Page
from evenhand.app.version import VERSION
from evenhand.arenas import Arena, load_arenas
from evenhand.arenas import routes as arenas
from evenhand.arenas.service import register_arenas
from evenhand.arenas.suggestions import load_suggestions
from evenhand.battles import routes as battles
from evenhand.battles.belongings import count_chats, move_chats
from evenhand.battles.calling import Caller
from evenhand.battles.pacing import Pacing, Rhythm
from evenhand.battles.runner import Runner
from evenhand.battles.seeds import prepare_seeds
from evenhand.battles.stopping import Stopper
from evenhand.belongings import routes as belongings
from evenhand.belongings.chats import export_chats
from evenhand.boards import routes as boards
from evenhand.boards.keeper import BoardKeeper
from evenhand.consent import routes as consent
from evenhand.consent.agreements import register_terms
from evenhand.consent.belongings import erase_consent, export_consent, move_consent
from evenhand.consent.terms import load_terms
from evenhand.contestants import routes as contestants
from evenhand.core.clock import Clock, now
from evenhand.core.routers import API
from evenhand.core.settings import Settings
from evenhand.core.sign_in_file import read_providers
from evenhand.gateway import Gateway
from evenhand.gateway.queues import ALONE, Queues, Share
from evenhand.history import routes as history
from evenhand.history.arranging import erase_folders, export_folders, move_folders
from evenhand.mine import routes as mine
from evenhand.mine.belongings import erase_guesses, erase_guesses_in, export_guesses
from evenhand.mine.board import OwnRankings
from evenhand.operations import routes as operations
from evenhand.preferences import routes as preferences
from evenhand.preferences.belongings import erase_preferences, export_preferences, move_preferences
from evenhand.prompts import routes as prompts
from evenhand.prompts.belongings import erase_prompts, export_prompts, move_prompts
from evenhand.sharing import routes as sharing
from evenhand.sharing.belongings import erase_shares, export_shares
from evenhand.sharing.pictures import Painter
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals
from evenhand.storage.streams import Streams


def nobody(_: FastAPI) -> AbstractAsyncContextManager[None]:
    """Nothing lives beside the application."""
    return nullcontext()


def say(line: str) -> None:
    """Write a line on the console; standard output may be a pipe to the process that started this one."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


async def nothing(_: Database, __: datetime) -> None:
    """No boards come along."""


@dataclass(frozen=True)
class Parts:
    """What is handed in: the clock, what calls the models (None: the gateway), what lives beside it.

    `rhythm` is how blind battles are shown, `share` which of how many processes this is; with `jobs` it does
    the arena's jobs too. `bring_boards` writes the boards that come along into the database. `say` writes a
    line on the operator's console.
    """

    clock: Clock = now
    caller: Caller | None = None
    arenas: dict[str, Arena] = field(default_factory=load_arenas)
    rhythm: Rhythm = field(default_factory=Rhythm)
    share: Share = ALONE
    jobs: bool = True
    beside: Callable[[FastAPI], AbstractAsyncContextManager[None]] = nobody
    bring_boards: Callable[[Database, datetime], Awaitable[None]] = nothing
    say: Callable[[str], object] = say


def create_app(settings: Settings, database_url: str, parts: Parts | None = None) -> FastAPI:
    """The ASGI application on a migrated database."""
    parts = parts or Parts()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            database = Database(database_url)
            stack.push_async_callback(database.close)
            moment = parts.clock()
            async with database.unit_of_work() as work:
                arena_ids = await register_arenas(work.session, parts.arenas, moment)
                await prepare_seeds(work.session, moment)
                await register_terms(work.session, app.state.terms, moment)
            caller = parts.caller
            if caller is None:
                queues = Queues(settings.queue_length, settings.queue_seconds, parts.share)
                caller = await stack.enter_async_context(Gateway(queues))
            signals = Signals(database)
            streams = Streams(database, signals)
            keeper = BoardKeeper(database, signals, arena_ids, parts.arenas, parts.clock, parts.bring_boards)
            paced = {arena_ids[slug] for slug, arena in parts.arenas.items() if arena.pacing}
            pacing = Pacing(paced, parts.rhythm)
            runner = Runner(database, streams, caller, pacing, settings, parts.clock)
            post = await stack.enter_async_context(Post(_deliver(settings, parts)))
            known = await stack.enter_async_context(_providers(settings))
            app.state.door = Door(
                settings,
                post,
                Requesters(settings.address_key),
                count_chats,
                (move_chats, move_prompts, move_folders, move_preferences, move_consent),
                known,
            )
            app.state.belongings = Belongings(
                exports=(
                    export_account,
                    export_consent,
                    export_folders,
                    export_prompts,
                    export_preferences,
                    export_shares,
                    export_guesses,
                    export_chats,
                ),
                erases=(
                    erase_folders,
                    erase_prompts,
                    erase_preferences,
                    erase_guesses,
                    erase_challenges,
                    erase_flows,
                ),
                erases_of_chats=(erase_shares, erase_guesses_in),
                erases_after_chats=(erase_consent,),
            )
            app.state.caller = caller
            app.state.database = database
            app.state.arena_ids = arena_ids
            app.state.streams = streams
            app.state.boards = keeper
            app.state.own_rankings = OwnRankings()
            app.state.vote_was_cast = keeper.refresh_soon
            app.state.stopper = Stopper(database, signals, runner)
            # All who listen are known now. Last in, first out: answers end while the models beside still run.
            here = jobs(database, signals, streams, caller, parts.clock) if parts.jobs else nullcontext()
            for part in (signals, streams, here, parts.beside(app), runner, keeper):
                await stack.enter_async_context(part)
            app.state.runner = runner
            yield

    app = Api(
        title="Evenhand",
        version=VERSION,
        lifespan=lifespan,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.arenas = parts.arenas
    app.state.suggestions = load_suggestions(settings.suggestions, parts.arenas)
    app.state.terms = load_terms(settings.terms)
    app.state.roles = Roles.of(settings)
    app.state.clock = parts.clock
    app.state.preparing = set()
    app.state.painter = Painter()
    for router in (
        battles.router,  # first: a request is compared with all that stands before its route
        instance.router,
        accounts.router,
        providers.router,
        identities.router,
        passkeys.router,
        arenas.router,
        consent.router,
        contestants.router,
        prompts.router,
        preferences.router,
        history.router,
        sharing.router,
        belongings.router,
        boards.router,
        mine.router,
        operations.router,
    ):
        app.router.routes += router.routes
    page = Page()
    app.add_route("/s/{token}", SharedPage(page).answer, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_route("/manifest.webmanifest", manifest, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_route("/{path:path}", page.answer, methods=["GET", "HEAD"], include_in_schema=False)
    add_problem_handlers(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownHost, settings=settings)
    app.add_middleware(SecurityHeaders)
    return app


def _deliver(settings: Settings, parts: Parts) -> Deliver:
    """What brings a sign-in link to somebody."""
    return smtp_deliver(settings) if email_way(settings) == "mail" else console_deliver(parts.say)


@asynccontextmanager
async def _providers(settings: Settings) -> AsyncIterator[Mapping[str, Provider]]:
    """Whom people can sign in with beside us."""
    given = read_providers(settings.sign_in_file)
    if not given:
        yield {}
        return
    # Half a second of loading that arenas without any would do for nothing.
    from evenhand.accounts.providers.making import open_providers

    async with open_providers(given) as providers:
        yield providers
