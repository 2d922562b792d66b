"""A conversation goes on when somebody in it has left the arena since, or nobody came back to it for long."""

from datetime import timedelta
from typing import Any

import pytest

from evenhand.battles.abandoned import AFTER, Abandoned
from evenhand.battles.outages import FIRST_PROBE
from evenhand.contestants.service import competitors
from evenhand.contestants.tables import OutageRow
from evenhand.core.clock import now
from evenhand.core.ids import new_id
from tests.support.arena import Arena, Voter, settled
from tests.support.fake_provider import Scenario
from tests.support.watch import Watch


async def enter(arena: Arena, *names: str) -> None:
    await arena.enter(*(arena.entry(one, Scenario(text=f"{one} answers.")) for one in names))


async def go_on(voter: Voter, conversation: str) -> dict[str, Any]:
    asked = await voter.ask(conversation, "And then?")
    await voter.hear(conversation, settled)
    return asked


def sent(arena: Arena, model: str) -> list[str]:
    """What a contestant was sent at last."""
    call = next(one for one in reversed(arena.provider.calls) if one.body["model"] == f"{model}-model")
    return [message["content"] for message in call.body["messages"] if message["role"] != "system"]


async def test_a_battle_whose_contestant_has_left_goes_on_with_another_pair(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    conversation, first = await voter.battle("How does it begin?")
    await enter(arena, "calm", "third")
    asked = await go_on(voter, conversation)
    assert asked["battle_id"] != first["battle_id"]
    assert asked["battle"]["instead_because"] == "retired"
    read = await voter.read(conversation)
    before, after = read["battles"]
    assert (before["status"], before["reveal"]) == ("skipped", None)
    assert before["carried"] == asked["carried"]
    assert asked["carried"]["by"] == "draw"
    assert after["instead_because"] == "retired"
    carried = next(
        response["parts"][0]["text"]
        for response in read["turns"][0]["responses"]
        if response["side"] == asked["carried"]["side"]
    )
    for model in ("calm", "third"):
        assert sent(arena, model) == ["How does it begin?", carried, "And then?"]
    revealed = (await voter.vote(after["id"])).body["reveal"]
    assert {revealed[side]["slug"] for side in "ab"} == {"calm", "third"}


async def test_a_battle_that_can_still_be_voted_on_is_revealed_after_its_contestant_left(
    arena: Arena,
) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    conversation, first = await voter.battle()
    await enter(arena, "third", "fourth")
    revealed = (await voter.vote(first["battle_id"])).body["reveal"]
    assert {revealed[side]["slug"] for side in "ab"} == {"swift", "calm"}
    asked = await go_on(voter, conversation)
    assert asked["battle"]["instead_because"] is None


async def test_side_by_side_another_takes_the_place_of_who_has_left(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    conversation = await voter.begin("side_by_side", "swift", "calm")
    await voter.ask(conversation, "How does it begin?")
    await voter.hear(conversation, settled)
    await enter(arena, "calm", "third")
    read = await voter.read(conversation)
    assert [one["slug"] for one in read["retired"]] == ["swift"]
    asked = await go_on(voter, conversation)
    assert asked["battle"]["instead_because"] == "retired"
    read = await voter.read(conversation)
    assert [one["slug"] for one in read["contestants"]] == ["third", "calm"]
    assert read["retired"] == []
    assert [read["battles"][-1]["reveal"][side]["slug"] for side in "ab"] == ["third", "calm"]
    assert sent(arena, "third") == ["How does it begin?", "swift answers.", "And then?"]
    assert (await go_on(voter, conversation))["battle"]["id"] == read["battles"][-1]["id"]


async def test_in_direct_mode_another_answers_for_who_has_left(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    conversation = await voter.begin("direct", "swift")
    await voter.ask(conversation)
    await voter.hear(conversation, settled)
    await enter(arena, "third")
    asked = await go_on(voter, conversation)
    assert asked["battle"]["reveal"]["a"]["slug"] == "third"
    assert asked["battle"]["instead_because"] == "retired"


async def test_where_nobody_can_take_the_place_it_is_said_and_nothing_is_asked(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    conversation = await voter.begin("side_by_side", "swift", "calm")
    await voter.ask(conversation)
    await voter.hear(conversation, settled)
    await enter(arena, "calm")
    body = {"parts": [{"type": "text", "text": "And then?"}]}
    answered = await voter.call("POST", f"/conversations/{conversation}/turns", body)
    assert (answered.status, answered.body["code"]) == (503, "no_other_contestant")
    assert "Retry-After" not in answered.headers
    assert len((await voter.read(conversation))["turns"]) == 1


async def test_where_who_could_take_the_place_has_an_outage_it_is_said_to_wait(arena: Arena) -> None:
    await enter(arena, "swift")
    voter = arena.voter()
    conversation = await voter.begin("direct", "swift")
    await voter.ask(conversation)
    await voter.hear(conversation, settled)
    await enter(arena, "third")
    async with arena.database.unit_of_work() as work:
        [third] = await competitors(work.session, arena.app.state.arena_ids["text"])
        work.session.add(
            OutageRow(
                id=new_id(),
                configuration_id=third.configuration_id,
                error="failed",
                began_at=now(),
                probe_at=now() + FIRST_PROBE,
                probes=0,
            )
        )
    body = {"parts": [{"type": "text", "text": "And then?"}]}
    answered = await voter.call("POST", f"/conversations/{conversation}/turns", body)
    assert (answered.status, answered.body["code"]) == (503, "contestants_unavailable")
    assert answered.headers["Retry-After"] == "30"


@pytest.mark.parametrize("left", ["quick", "stuck"])
async def test_whoever_has_left_what_was_stopped_is_not_tried_again_and_the_refusal_tells_no_side(
    arena: Arena, left: str
) -> None:
    entries = {
        "stuck": arena.entry("stuck", Scenario(text="It begins so, and it would go on.", stall_after=3)),
        "quick": arena.entry("quick", Scenario(text="Short.")),
    }
    await arena.enter(*entries.values())
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, lambda event: event.kind == "response" and event.data["status"] == "done")
    await voter.call("POST", f"/turns/{asked['id']}/stop")
    await voter.hear(conversation, settled)
    del entries[left]
    await arena.enter(*entries.values(), arena.entry("third"))
    answered = await voter.call("POST", f"/turns/{asked['id']}/retry")
    assert (answered.status, answered.body["code"]) == (409, "contestant_retired")


async def test_what_failed_is_not_tried_again_with_who_has_left(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    for scenario in arena.provider.scenarios.values():
        scenario.fail_times = 1 << 30
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, settled)
    await enter(arena, "third", "fourth")
    answered = await voter.call("POST", f"/turns/{asked['id']}/retry")
    assert (answered.status, answered.body["code"]) == (409, "contestant_retired")
    await go_on(voter, conversation)


@pytest.mark.parametrize(
    ("mode", "named", "because"),
    [
        ("battle", (), "abandoned"),
        ("side_by_side", ("swift", "calm"), None),
        ("direct", ("swift",), None),
    ],
)
async def test_a_conversation_goes_on_after_months(
    timed: Arena, watch: Watch, mode: str, named: tuple[str, ...], because: str | None
) -> None:
    voter = timed.voter()
    conversation = await voter.begin(mode, *named)
    first = await voter.ask(conversation, "How does it begin?")
    await voter.hear(conversation, settled)
    watch.time += AFTER + timedelta(days=100)
    await Abandoned(timed.database, timed.app.state.streams, watch).record()
    asked = await go_on(voter, conversation)
    assert asked["battle_id"] != first["battle_id"]
    assert asked["battle"]["instead_because"] == because
    assert (asked["carried"] and asked["carried"]["by"]) == ("draw" if because else None)
    read = await voter.read(conversation)
    assert [one["slug"] for one in read["contestants"]] == list(named)
    assert [one["status"] for one in read["battles"]] == ["abandoned", "ready"]
    assert len(sent(timed, "swift")) == 3
