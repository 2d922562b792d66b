"""Nothing that leaves before the vote tells who answers; and the test that says so finds every leak."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from evenhand.app import middleware
from evenhand.battles import blind, conversations, events, in_line, responses, turns
from evenhand.history import listing, texts
from tests.contract.walk import MARKS, enter_marked, secrets_of, spoken_of_nobody, walk
from tests.support.arena import Arena, Heard, running_arena
from tests.support.signing_in import ANN, use

Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("failing", [False, True], ids=["healthy", "one side breaks"])
async def test_before_the_vote_nothing_that_leaves_tells_who_answers(arena: Arena, failing: bool) -> None:
    await enter_marked(arena, failing=failing)
    leaving, _ = await walk(arena, arena.voter())
    assert leaving.leaks(await secrets_of(arena)) == set()


async def test_nothing_tells_it_to_a_voter_who_signed_in_either(database_url: str) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    async with running_arena(database_url, say=said.put_nowait) as arena:
        voter = arena.voter()
        await voter.call("POST", "/sign-in/links", {"email": ANN})
        await use(voter, (await said.get()).rpartition("#")[2])
        await enter_marked(arena)
        leaving, _ = await walk(arena, voter)
        assert ANN in leaving.pieces["GET /api/v1/me"]
        assert '"here": true' in leaving.pieces["GET /api/v1/sessions"]
        assert leaving.leaks(await secrets_of(arena)) == set()


async def test_a_battle_that_stands_in_line_tells_no_more(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_line, "SHORTLY", 0.01)
    await enter_marked(arena, limited=True)
    other = arena.voter()
    await other.ask(await other.begin("direct", MARKS[0]))
    await arena.provider.called()

    def end_the_line(event: Heard) -> None:
        if event.data.get("in_line"):
            arena.provider.scenarios[f"{MARKS[0]}-model"].released.set()

    leaving, asked = await walk(arena, arena.voter(), end_the_line)
    assert any(event.data.get("in_line") for event in asked["heard"])
    assert leaving.leaks(await secrets_of(arena)) == set()


async def test_after_the_vote_the_same_walk_finds_them(arena: Arena) -> None:
    await enter_marked(arena, failing=False)
    voter = arena.voter()
    leaving, asked = await walk(arena, voter)
    vote = await voter.vote(asked["battle_id"])
    leaving.add("vote", vote.body)
    assert leaving.leaks(await secrets_of(arena)) == {"vote"}


async def test_routes_that_name_contestants_do_not_change_while_one_answers(arena: Arena) -> None:
    await enter_marked(arena, failing=False)
    voter = arena.voter()
    arena.app.state.boards.refresh_soon()
    await arena.app.state.boards.refresh()
    before = await spoken_of_nobody(voter)
    await walk(arena, voter)
    await arena.app.state.boards.refresh()
    assert await spoken_of_nobody(voter) == before


def _reveal_too_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(blind, "may_reveal", lambda battle: True)


def _name_in_a_delta(patch: pytest.MonkeyPatch) -> None:
    honest = events.DeltaEvent.data
    patch.setattr(
        events.DeltaEvent, "data", lambda self: honest(self).replace(b"A plain", b"I, Zanzibar, plain")
    )


def _id_in_a_battle_event(patch: pytest.MonkeyPatch) -> None:
    def telling(battle: Any, turn_id: Any) -> events.BattleEvent:
        return events.BattleEvent(
            battle.conversation_id,
            turn_id,
            battle.id,
            battle.status,
            None,
            (str(battle.configuration_a), str(battle.configuration_b)),
        )

    patch.setattr("evenhand.battles.follow.battle_event", telling)


def _cause_in_a_response_event(patch: pytest.MonkeyPatch) -> None:
    honest = responses.response_event

    def telling(conversation_id: Any, response: Any, **more: Any) -> events.ResponseEvent:
        event = honest(conversation_id, response, **more)
        return type(event)(
            **{name: getattr(event, name) for name in event.__struct_fields__} | {"error": "quetzal"}
        )

    patch.setattr(responses, "response_event", telling)


def _name_in_a_title(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turns, "title_of", lambda question: f"{question} by Zanzibar 7")


def _name_in_a_header(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(middleware.SECURITY_HEADERS, "x-served-by", "quetzal-cluster")


def _name_for_a_commitment(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "evenhand.battles.pairs.commitment", lambda battle, side, contestant, configuration, salt: contestant
    )


def _salt_for_a_commitment(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "evenhand.battles.pairs.commitment", lambda battle, side, contestant, configuration, salt: salt.hex()
    )


def _text_of_a_fault_in_a_problem(patch: pytest.MonkeyPatch) -> None:
    async def telling(*_: Any, **__: Any) -> None:
        raise conversations.NotFound("not_found", "zanzibar-model is away")

    patch.setattr("evenhand.battles.votes.reveal", telling)


def _name_in_what_is_found(patch: pytest.MonkeyPatch) -> None:
    honest = texts.texts_of

    async def telling(*given: Any) -> dict[Any, texts.TurnTexts]:
        found = await honest(*given)
        for one in found.values():
            one.answers.insert(0, "A plain answer of Zanzibar 7")
        return found

    patch.setattr(listing, "texts_of", telling)


@pytest.mark.parametrize(
    "plant",
    [
        _reveal_too_early,
        _name_in_a_delta,
        _id_in_a_battle_event,
        _cause_in_a_response_event,
        _name_in_a_title,
        _name_in_a_header,
        _name_for_a_commitment,
        _salt_for_a_commitment,
        _text_of_a_fault_in_a_problem,
        _name_in_what_is_found,
    ],
)
async def test_a_leak_planted_at_any_layer_is_found(
    database_url: str, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    async with running_arena(database_url) as arena:
        await enter_marked(arena, failing=False)
        leaving, _ = await walk(arena, arena.voter())
        assert leaving.leaks(await secrets_of(arena)) != set()
