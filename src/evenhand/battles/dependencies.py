"""What the routes of battles are handed by the application."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.runner import Runner
from evenhand.battles.stopping import Stopper
from evenhand.battles.turns import Rules
from evenhand.storage.dependencies import Work
from evenhand.storage.streams import Streams


async def _rules(request: Request) -> Rules:
    state = request.app.state
    return Rules(state.arenas, state.arena_ids, state.settings, state.caller.has_room, state.terms.version)


async def _runner(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    return runner


async def _stopper(request: Request) -> Stopper:
    stopper: Stopper = request.app.state.stopper
    return stopper


async def _streams(request: Request) -> Streams:
    streams: Streams = request.app.state.streams
    return streams


async def _tell(request: Request, work: Work) -> Callable[[Iterable[BattleStreamEvent]], None]:
    streams: Streams = request.app.state.streams

    def tell(events: Iterable[BattleStreamEvent]) -> None:
        for event in events:
            work.after_commit(partial(streams.publish, event))

    return tell


async def _vote_hook(request: Request) -> Callable[[], None]:
    hook: Callable[[], None] = request.app.state.vote_was_cast
    return hook


RulesOf = Annotated[Rules, Depends(_rules)]
RunnerOf = Annotated[Runner, Depends(_runner)]
StopperOf = Annotated[Stopper, Depends(_stopper)]
StreamsOf = Annotated[Streams, Depends(_streams)]
TellOf = Annotated[Callable[[Iterable[BattleStreamEvent]], None], Depends(_tell, scope="function")]
"""Tells readers of events once the transaction that makes them true is durable."""
VoteHook = Annotated[Callable[[], None], Depends(_vote_hook)]
"""Called after a vote is durable; the application hands in what boards do then."""
