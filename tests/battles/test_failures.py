"""When a side fails, is stopped or dies: nothing is lost, nothing hangs, no vote on a broken pair."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy import text

from evenhand.contestants.configurations import Price
from evenhand.gateway.tokens import count
from tests.support.arena import Arena, Heard, begun, running_arena, settled, text_of
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.process import lapse_leases, serving, stored

NEVER = 1 << 30


def ended(event: Heard) -> bool:
    return event.kind == "response" and event.data["status"] in ("done", "failed", "stopped")


async def test_a_failed_first_side_is_redrawn_and_the_healthy_answer_kept(arena: Arena) -> None:
    await arena.enter(
        arena.entry("broken", Scenario(fail_times=NEVER, status=400)),
        arena.entry("calm", Scenario(text="calm")),
        arena.entry("swift", Scenario(text="swift")),
    )
    voter = arena.voter()
    redrawn = 0
    for _ in range(12):
        conversation, asked = await voter.battle()
        battles = {one["id"]: one for one in (await voter.read(conversation))["battles"]}
        old = battles[asked["battle_id"]]
        if old["status"] != "redrawn":
            continue
        redrawn += 1
        new = battles[old["redrawn_to"]]
        assert new["status"] == "ready"
        assert new["commitments"] != old["commitments"]
        assert (await voter.vote(old["id"])).status == 409
        reveal = (await voter.vote(new["id"])).body["reveal"]
        assert {reveal["a"]["slug"], reveal["b"]["slug"]} == {"calm", "swift"}
    assert redrawn > 0
    healthy_calls = sum(call.model != "broken-model" for call in arena.provider.calls)
    assert healthy_calls == 24, "the healthy side was asked again"


async def test_both_sides_that_fail_at_once_are_both_redrawn(arena: Arena) -> None:
    broken = [arena.entry(name, Scenario(fail_times=NEVER, status=400)) for name in ("one", "two")]
    await arena.enter(*broken, arena.entry("calm"), arena.entry("swift"))
    voter = arena.voter()
    for _ in range(10):
        conversation, _ = await voter.battle()
        assert (await voter.read(conversation))["battles"][-1]["status"] == "ready"


async def test_a_stop_during_a_redraw_stops_what_the_redraw_began(arena: Arena) -> None:
    await arena.enter(
        arena.entry("broken", Scenario(fail_times=NEVER, status=400)),
        *(arena.entry(name, Scenario(stall_after=1)) for name in ("calm", "swift")),
    )
    voter = arena.voter()
    for _ in range(10):
        conversation = await voter.begin()
        asked = await voter.ask(conversation)
        stopped = await voter.call("POST", f"/turns/{asked['id']}/stop")
        assert {one["status"] for one in stopped.body["responses"]} <= {"stopped", "failed"}


@pytest.mark.parametrize(
    "usage", ['{"prompt_tokens": 1e12, "completion_tokens": -5}', '{"prompt_tokens": -1000000}', '"much"']
)
async def test_what_a_provider_says_of_its_tokens_is_not_believed_blindly(arena: Arena, usage: str) -> None:
    said = [
        b'data: {"choices":[{"index":0,"delta":{"content":"fine"},"finish_reason":"stop"}]}\n\n',
        b'data: {"choices":[],"usage":' + usage.encode() + b"}\n\n",
    ]
    price = Price(input=1, output=1)
    await arena.enter(
        arena.entry("odd", Scenario(raw=said), price=price), arena.entry("calm", Scenario(text="calm"))
    )
    voter = arena.voter()
    conversation, asked = await voter.battle()
    if (await voter.read(conversation))["battles"][0]["status"] == "ready":
        reveal = (await voter.vote(asked["battle_id"])).body["reveal"]
        assert all(0 <= reveal[side]["statistics"]["cost_usd"] < 1 for side in "ab")


async def test_nul_bytes_in_an_error_body_do_no_harm(arena: Arena) -> None:
    await arena.enter(
        arena.entry("nul", Scenario(fail_times=NEVER, status=400, body='{"error": "a\\u0000b"}')),
        arena.entry("calm"),
        arena.entry("swift"),
    )
    voter = arena.voter()
    for _ in range(5):
        conversation, _ = await voter.battle()
        assert (await voter.read(conversation))["battles"][-1]["status"] == "ready"


async def test_an_answer_of_endless_changes_fails_and_harms_nothing_else(arena: Arena) -> None:
    pieces = [
        b'data: {"choices":[{"index":0,"delta":{"reasoning_content":" "}}]}\n\n'
        b'data: {"choices":[{"index":0,"delta":{"content":" "}}]}\n\n'
    ] * 2000
    await arena.enter(arena.entry("endless", Scenario(raw=pieces)), arena.entry("calm"), arena.entry("swift"))
    voter = arena.voter()
    for _ in range(3):
        conversation, _ = await voter.battle()
        assert (await voter.read(conversation))["battles"][-1]["status"] == "ready"


async def test_readers_are_told_of_a_redraw_and_of_the_new_commitments(arena: Arena) -> None:
    await arena.enter(
        arena.entry("broken", Scenario(fail_times=NEVER, status=400)),
        arena.entry("calm"),
        arena.entry("swift"),
    )
    voter = arena.voter()
    while True:
        conversation = await voter.begin()
        async with voter.follow(conversation) as listener:
            asked = await voter.ask(conversation)
            heard = await listener.until(settled)
        told = [event.data for event in heard if event.kind == "battle"]
        if told[-1]["id"] != asked["battle_id"]:
            break
    old = next(data for data in told if data["status"] == "redrawn")
    assert old["redrawn_to"] == told[-1]["id"]
    assert set(told[-1]["commitments"]) == {"a", "b"}
    assert len(text_of(heard, "a")) > 10
    assert len(text_of(heard, "b")) > 10


async def test_with_nobody_left_the_battle_fails_visibly_and_can_be_tried_again(arena: Arena) -> None:
    await arena.enter(
        arena.entry("flaky", Scenario(fail_times=1, status=400, text="better now")),
        arena.entry("calm", Scenario(text="calm")),
    )
    voter = arena.voter()
    conversation, asked = await voter.battle()
    [turn] = (await voter.read(conversation))["turns"]
    responses = {one["status"]: one for one in turn["responses"]}
    assert responses["failed"]["error"] == "failed"
    assert responses["done"]["parts"][0]["text"] == "calm"
    assert (await voter.vote(asked["battle_id"])).status == 409
    retried = await voter.call("POST", f"/turns/{turn['id']}/retry")
    assert retried.status == 202
    heard = await voter.hear(conversation, settled)
    assert {text_of(heard, "a"), text_of(heard, "b")} == {"better now", "calm"}
    assert (await voter.vote(asked["battle_id"])).status == 200
    models = [call.model for call in arena.provider.calls]
    assert sorted(models) == ["calm-model", "flaky-model", "flaky-model"]


async def test_a_side_that_fails_on_a_later_turn_is_not_redrawn_and_takes_no_vote(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"), arena.entry("spare"))
    voter = arena.voter()
    conversation, first = await voter.battle()
    failing = arena.provider.calls[0].model
    arena.provider.scenarios[failing] = Scenario(fail_times=NEVER, status=400)
    second = await voter.ask(conversation, "And?")
    await voter.hear(conversation, settled)
    assert second["battle_id"] == first["battle_id"]
    battles = (await voter.read(conversation))["battles"]
    assert [one["status"] for one in battles] == ["failed"]
    assert (await voter.vote(first["battle_id"])).status == 409


async def test_after_a_failure_the_next_question_goes_on_from_the_healthy_answer(arena: Arena) -> None:
    await arena.enter(
        arena.entry("broken", Scenario(fail_times=1, status=400)), arena.entry("calm", Scenario(text="calm"))
    )
    voter = arena.voter()
    conversation, _ = await voter.battle("One?")
    await voter.ask(conversation, "Two?")
    await voter.hear(conversation, settled)
    for call in arena.provider.calls[-2:]:
        assert [message["content"] for message in call.body["messages"]] == ["One?", "calm", "Two?"]


async def test_one_side_that_is_cut_does_not_disturb_the_other(arena: Arena) -> None:
    await arena.enter(
        arena.entry("cut", Scenario(cut_after_bytes=900)), arena.entry("whole", Scenario(text="whole answer"))
    )
    voter = arena.voter()
    conversation, asked = await voter.battle()
    [turn] = (await voter.read(conversation))["turns"]
    failed, done = sorted(turn["responses"], key=lambda one: one["status"], reverse=True)
    assert failed["status"] == "failed"
    assert failed["parts"][0]["text"], "what had come is kept"
    assert done["parts"][0]["text"] == "whole answer"
    assert (await voter.vote(asked["battle_id"])).status == 409


async def test_stopping_aborts_both_calls_keeps_the_text_and_the_vote_does_not_count(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(stall_after=3)), arena.entry("calm", Scenario(stall_after=3))
    )
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, begun)
    stopped = await voter.call("POST", f"/turns/{asked['id']}/stop")
    assert stopped.status == 200
    assert [one["status"] for one in stopped.body["responses"]] == ["stopped", "stopped"]
    for call in arena.provider.calls:
        async with asyncio.timeout(1):
            await call.over.wait()
        assert call.aborted
    answered = await voter.vote(asked["battle_id"])
    assert answered.status == 200
    assert (answered.body["vote"]["counted"], answered.body["vote"]["reason"]) == (False, "stopped")


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
async def test_a_stopped_answer_has_cost_what_was_read_and_what_had_come(arena: Arena, kind: str) -> None:
    stalls = Scenario(text=" ".join(["word"] * 9), stall_after=5)
    price = Price(input=1, output=10)
    await arena.enter(*(arena.entry(slug, stalls, kind=kind, price=price) for slug in ("swift", "calm")))
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation, "Why is the sky blue?", preset={"length": "short"})
    async with voter.follow(conversation) as listener:
        while [text_of(listener.heard, side).split() for side in "ab"] != [["word"] * 5] * 2:
            await listener.until(begun)
    await voter.call("POST", f"/turns/{asked['id']}/stop")
    body = arena.provider.calls[0].body
    system = body["system"] if kind == "anthropic" else body["messages"][0]["content"]
    async with arena.database.unit_of_work() as work:
        columns = "status, input_tokens, output_tokens, cost_usd, tokens_reported"
        attempts = (await work.session.execute(text(f"SELECT {columns} FROM attempt"))).all()
    assert len(attempts) == 2
    for status, read, written, cost, reported in attempts:
        assert (status, written, reported) == ("stopped", 5, False)
        # Anthropic's API says at the beginning what it has read; there our provider counts by words.
        assert read == (5 if kind == "anthropic" else count(system) + count("Why is the sky blue?"))
        assert cost == Decimal(read + 10 * written) / 1_000_000


async def test_stopping_what_has_ended_changes_nothing(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    _, asked = await voter.battle()
    stopped = await voter.call("POST", f"/turns/{asked['id']}/stop")
    assert stopped.status == 200
    assert [one["status"] for one in stopped.body["responses"]] == ["done", "done"]
    assert (await voter.call("POST", f"/turns/{asked['id']}/retry")).status == 409


async def test_a_stopped_turn_can_be_tried_again_but_the_vote_does_not_count(arena: Arena) -> None:
    stalls = Scenario(stall_after=2, text="one two three four")
    await arena.enter(arena.entry("swift", stalls), arena.entry("calm", Scenario(text="calm")))
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, ended)
    await voter.call("POST", f"/turns/{asked['id']}/stop")
    stalls.stall_after = None
    assert (await voter.call("POST", f"/turns/{asked['id']}/retry")).status == 202
    heard = await voter.hear(conversation, settled)
    assert {text_of(heard, "a"), text_of(heard, "b")} == {"one two three four", "calm"}
    vote = (await voter.vote(asked["battle_id"])).body["vote"]
    assert (vote["counted"], vote["reason"]) == (False, "stopped")


async def test_another_question_is_refused_while_one_is_being_answered(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(stall_after=1)), arena.entry("calm"))
    voter = arena.voter()
    conversation = await voter.begin()
    await voter.ask(conversation)
    again = await voter.call(
        "POST", f"/conversations/{conversation}/turns", {"parts": [{"type": "text", "text": "And?"}]}
    )
    assert (again.status, again.body["code"]) == (409, "already_running")


async def test_answers_that_run_at_a_shutdown_end_with_their_text_kept(database_url: str) -> None:
    async with running_arena(database_url) as arena:
        await arena.enter(
            arena.entry("swift", Scenario(stall_after=3)), arena.entry("calm", Scenario(stall_after=3))
        )
        voter = arena.voter()
        conversation = await voter.begin()
        await voter.ask(conversation)
        await voter.hear(conversation, begun)
        cookie = voter.cookie
    async with running_arena(database_url) as arena:
        voter = arena.voter()
        voter.cookie = cookie
        [turn] = (await voter.read(conversation))["turns"]
        for response in turn["responses"]:
            assert (response["status"], response["error"]) == ("failed", "interrupted")
            assert response["parts"][0]["text"]


async def test_orphans_of_a_killed_process_fail_with_their_text_and_can_be_tried_again(
    database_url: str,
) -> None:
    async with FakeProvider() as provider:
        for model in ("swift-model", "calm-model"):
            provider.scenarios[model] = Scenario(stall_after=3)
        async with serving(database_url, provider) as (process, voter):
            conversation = await voter.begin()
            asked = await voter.ask(conversation)
            await voter.hear(conversation, begun)
            await stored(database_url, asked["id"])
            process.kill()
            cookie = voter.cookie
        await lapse_leases(database_url)
        for scenario in provider.scenarios.values():
            scenario.stall_after = None
        async with serving(database_url, provider) as (_, voter):
            voter.cookie = cookie
            await voter.hear(conversation, settled)
            [turn] = (await voter.read(conversation))["turns"]
            for response in turn["responses"]:
                assert (response["status"], response["error"]) == ("failed", "interrupted")
                assert response["parts"][0]["text"]
            assert len(provider.calls) == 2, "the provider was asked again"
            assert (await voter.call("POST", f"/turns/{turn['id']}/retry")).status == 202
            await voter.hear(conversation, settled)
            assert (await voter.vote(turn["battle_id"])).status == 200


@pytest.mark.parametrize("table", ["response", "attempt"])
async def test_nothing_is_left_in_flight(arena: Arena, table: str) -> None:
    await arena.enter(
        arena.entry("swift"), arena.entry("cut", Scenario(cut_after_bytes=400)), arena.entry("calm")
    )
    voter = arena.voter()
    for _ in range(4):
        await voter.battle()
    async with arena.database.unit_of_work() as work:
        left = await work.session.scalar(
            text(f"SELECT count(*) FROM {table} WHERE status IN ('queued', 'streaming')")
        )
    assert left == 0
