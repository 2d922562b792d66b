"""HTTP of conversations, turns, battles and votes."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, status
from starlette.responses import Response

from evenhand.accounts.dependencies import Account, FindAccount, Guest
from evenhand.accounts.idempotency import OnceOf
from evenhand.battles import conversations, turns, votes
from evenhand.battles.dependencies import RulesOf, RunnerOf, StopperOf, StreamsOf, TellOf, VoteHook
from evenhand.battles.event_stream import EventStream
from evenhand.battles.follow import follow
from evenhand.battles.presets import WORDINGS, Presets
from evenhand.battles.schemas import (
    Conversation,
    ConversationRequest,
    RevealAnswer,
    Turn,
    TurnAnswer,
    TurnRequest,
    VoteAnswer,
    VoteRequest,
)
from evenhand.battles.views import turn_views
from evenhand.consent.statistics import heed_browser
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import DatabaseOf, Now, Work

router = api_router("battles")

_counted = [Depends(heed_browser, scope="function")]


@router.post("/conversations", status_code=status.HTTP_201_CREATED)
async def create_conversation(
    request: ConversationRequest, work: Work, account: Guest, once: OnceOf, rules: RulesOf, now: Now
) -> Conversation:
    """Begin a conversation in an arena; a stranger becomes a guest."""
    return await once(
        Conversation,
        lambda: conversations.create_conversation(
            work.session, account, request, rules.arenas, rules.arena_ids, now
        ),
    )


@router.get("/conversations/{conversation_id}")
async def get_conversation(conversation_id: UUID, work: Work, account: Account) -> Conversation:
    """One of one's own conversations, whole."""
    row = await conversations.own_conversation(work.session, account, conversation_id)
    return await conversations.conversation_view(work.session, row)


@router.get(
    "/conversations/{conversation_id}/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
)
async def follow_conversation(
    conversation_id: UUID,
    find_account: FindAccount,
    database: DatabaseOf,
    streams: StreamsOf,
    rules: RulesOf,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """Follow a conversation as server-sent events: `delta`, `response`, `battle`."""
    known = int(last_event_id) if last_event_id and re.fullmatch(r"[0-9]{1,18}", last_event_id) else None
    pieces = follow(database, streams, rules.settings, conversation_id, find_account, known)
    return EventStream(await anext(pieces), pieces)


@router.post(
    "/conversations/{conversation_id}/turns", status_code=status.HTTP_202_ACCEPTED, dependencies=_counted
)
async def ask(
    conversation_id: UUID,
    request: TurnRequest,
    work: Work,
    account: Account,
    once: OnceOf,
    rules: RulesOf,
    runner: RunnerOf,
    tell: TellOf,
    now: Now,
) -> TurnAnswer:
    """Ask. The answers come as events of the conversation."""

    async def act() -> TurnAnswer:
        runner.check_room(work)
        asked = await turns.ask(work.session, account, conversation_id, request, rules, now)
        tell(asked.events)
        runner.run(work, asked.begun)
        return asked.answer

    return await once(TurnAnswer, act)


@router.get("/presets")
async def presets() -> Presets:
    """What both sides are told when something is wanted of the answers, word for word."""
    return Presets(wordings=WORDINGS)


@router.post("/turns/{turn_id}/stop")
async def stop(turn_id: UUID, account: Account, database: DatabaseOf, stopper: StopperOf) -> Turn:
    """Stop a turn's answers; what has come stays. Stopping what has ended changes nothing."""
    async with database.unit_of_work() as work:
        await conversations.own_turn(work.session, account, turn_id)
    await stopper.stop(turn_id)
    async with database.unit_of_work() as work:
        turn = await conversations.own_turn(work.session, account, turn_id)
        return (await turn_views(work.session, [turn]))[0]


@router.post("/turns/{turn_id}/retry", status_code=status.HTTP_202_ACCEPTED)
async def retry(
    turn_id: UUID, work: Work, account: Account, once: OnceOf, rules: RulesOf, runner: RunnerOf, now: Now
) -> Turn:
    """Try again what failed or was stopped, with the same contestants."""

    async def act() -> Turn:
        runner.check_room(work)
        turn = await turns.retry(work.session, account, turn_id, rules, now)
        await runner.begin(work, turn_id)
        return turn

    return await once(Turn, act)


@router.post("/battles/{battle_id}/vote", dependencies=_counted)
async def vote(
    battle_id: UUID,
    request: VoteRequest,
    work: Work,
    account: Account,
    once: OnceOf,
    tell: TellOf,
    voted: VoteHook,
    now: Now,
) -> VoteAnswer:
    """Vote on one's own battle, and learn who answered; with `hold`, once the vote is final."""

    async def act() -> VoteAnswer:
        answer, events = await votes.cast(work.session, account, battle_id, request, now)
        tell(events)
        work.after_commit(voted)
        return answer

    return await once(VoteAnswer, act)


@router.delete("/battles/{battle_id}/vote", status_code=status.HTTP_204_NO_CONTENT)
async def take_back(battle_id: UUID, work: Work, account: Account, now: Now) -> None:
    """Take back a vote that is held; a final one stays."""
    await votes.take_back(work.session, account, battle_id, now)


@router.get("/battles/{battle_id}/reveal")
async def reveal(
    battle_id: UUID, work: Work, account: Account, tell: TellOf, voted: VoteHook, now: Now
) -> RevealAnswer:
    """Who answered; refused before the vote is final."""
    answer, events = await votes.reveal(work.session, account, battle_id, now)
    if events:
        tell(events)
        work.after_commit(voted)
    return answer
