"""One battle from the question to the reveal, over HTTP, against the fake provider."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from evenhand.consent.terms import load_terms
from evenhand.contestants.configurations import Configuration, Endpoint
from evenhand.gateway import Delta, Finish
from tests.support.arena import Arena, Voter, running_arena, settled, text_of
from tests.support.fake_provider import Scenario


async def test_a_question_is_answered_by_two_contestants_and_the_vote_reveals_them(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text="I am quick.")),
        arena.entry("calm", Scenario(text="I take my time.")),
    )
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    heard = await voter.hear(conversation, settled)
    texts = {text_of(heard, "a"), text_of(heard, "b")}
    assert texts == {"I am quick.", "I take my time."}
    answered = await voter.vote(asked["battle_id"], "a")
    assert answered.status == 200
    assert answered.body["vote"]["counted"] is True
    revealed = {side: answered.body["reveal"][side]["slug"] for side in ("a", "b")}
    expected = "swift" if text_of(heard, "a") == "I am quick." else "calm"
    assert revealed["a"] == expected
    assert set(revealed.values()) == {"swift", "calm"}


class Told:
    """A caller that keeps what it is told, in order: how many calls to expect, and each call."""

    def __init__(self) -> None:
        self.heard: list[int | str] = []

    def has_room(self, _: Endpoint) -> bool:
        return True

    def expect(self, endpoints: Iterable[Endpoint]) -> None:
        self.heard.append(len(list(endpoints)))

    async def call(
        self, configuration: Configuration, *rest: Any, begun: Callable[[], None], **_: Any
    ) -> None:
        self.heard.append("called")
        begun()
        for event in (Delta("text", "Hi."), Finish("stop")):
            rest[-1](event)


async def test_a_question_is_expected_before_it_is_put_to_anybody(database_url: str) -> None:
    told = Told()
    async with running_arena(database_url, caller=told) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        await arena.voter().battle()
    assert told.heard == [2, "called", "called"]


async def test_the_commitments_given_with_the_turn_bind_who_is_revealed(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    _, asked = await voter.battle()
    reveal = (await voter.vote(asked["battle_id"], "tie")).body["reveal"]
    for side in ("a", "b"):
        one = reveal[side]
        bound = [
            "evenhand-commitment-1",
            asked["battle_id"],
            side,
            one["slug"],
            one["configuration"],
            one["salt"],
        ]
        digest = hashlib.sha256("\n".join(bound).encode()).hexdigest()
        assert digest == asked["commitments"][side] == one["commitment"]


async def test_a_contestant_never_meets_itself_and_stands_on_either_side(arena: Arena) -> None:
    await arena.enter(*(arena.entry(slug, Scenario(text=slug)) for slug in ("one", "two", "three")))
    voter = arena.voter()
    sides: Counter[tuple[str, str]] = Counter()
    for _ in range(16):
        _, asked = await voter.battle()
        reveal = (await voter.vote(asked["battle_id"])).body["reveal"]
        assert reveal["a"]["slug"] != reveal["b"]["slug"]
        sides["a", reveal["a"]["slug"]] += 1
    assert len(sides) > 1


async def test_both_sides_get_the_same_prompt_sampling_and_limits(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    await arena.voter().battle("The very same question")
    first, second = (call.body for call in arena.provider.calls)
    assert first.pop("model") != second.pop("model")
    assert first == second
    assert first["max_tokens"] >= 4096


async def test_a_second_turn_goes_to_the_same_pair_with_its_own_answers(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(echo=True)), arena.entry("calm", Scenario(echo=True)))
    voter = arena.voter()
    conversation, first = await voter.battle("One?")
    second = await voter.ask(conversation, "Two?")
    assert second["battle_id"] == first["battle_id"]
    await voter.hear(conversation, settled)
    for call in arena.provider.calls[2:]:
        own = next(one for one in arena.provider.calls[:2] if one.model == call.model)
        contents = [message["content"] for message in call.body["messages"]]
        assert contents[0] == "One?"
        assert contents[1].startswith('[{"role": "user"')
        assert contents[2] == "Two?"
        assert own.body["messages"][0]["content"] == "One?"
    assert (await voter.vote(first["battle_id"])).status == 200


@pytest.mark.parametrize(("choice", "by"), [("a", "choice"), ("b", "choice"), ("tie", "draw")])
async def test_after_the_vote_a_new_pair_goes_on_from_the_answer_that_is_named(
    arena: Arena, choice: str, by: str
) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text="quick")), arena.entry("calm", Scenario(text="slow"))
    )
    voter = arena.voter()
    conversation, first = await voter.battle("One?")
    heard = await voter.hear(conversation, settled)
    carried = (await voter.vote(first["battle_id"], choice)).body["carried"]
    assert carried["by"] == by
    if choice != "tie":
        assert carried["side"] == choice
    second = await voter.ask(conversation, "Two?")
    assert second["battle_id"] != first["battle_id"]
    assert second["commitments"] != first["commitments"]
    await voter.hear(conversation, settled)
    going_on = text_of(heard, carried["side"])
    for call in arena.provider.calls[2:]:
        assert [message["content"] for message in call.body["messages"]] == ["One?", going_on, "Two?"]


async def test_after_both_are_bad_the_new_pair_is_not_shown_either_answer(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    conversation, first = await voter.battle("One?")
    assert (await voter.vote(first["battle_id"], "both_bad")).body["carried"] is None
    await voter.ask(conversation, "Two?")
    await voter.hear(conversation, settled)
    for call in arena.provider.calls[2:]:
        assert [message["content"] for message in call.body["messages"]] == ["Two?"]


async def test_the_same_prompt_goes_to_a_new_pair_and_the_old_battle_is_skipped(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    conversation, first = await voter.battle("One?")
    async with voter.follow(conversation) as listener:
        await listener.until(settled)
        again = await voter.ask(conversation, "One?", parent_id=None, new_pair=True)
        await listener.until(lambda event: event.kind == "battle" and event.data["status"] == "skipped")
    assert listener.heard[-1].data["id"] == first["battle_id"]
    assert again["battle_id"] != first["battle_id"]
    assert again["turn"]["parent_id"] is None
    battles = {one["id"]: one["status"] for one in (await voter.read(conversation))["battles"]}
    assert battles[first["battle_id"]] == "skipped"
    assert (await voter.vote(first["battle_id"])).status == 409


async def test_side_by_side_names_both_and_its_vote_does_not_count(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    conversation = await voter.begin("side_by_side", "calm", "swift")
    asked = await voter.ask(conversation)
    assert [asked["battle"]["reveal"][side]["slug"] for side in ("a", "b")] == ["calm", "swift"]
    await voter.hear(conversation, settled)
    vote = (await voter.vote(asked["battle_id"])).body["vote"]
    assert (vote["counted"], vote["reason"]) == (False, "not_blind")
    second = await voter.ask(conversation, "And?")
    assert second["battle"]["reveal"]["a"]["slug"] == "calm"


async def test_direct_mode_asks_one_contestant_and_takes_no_vote(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(text="alone")), arena.entry("calm"))
    voter = arena.voter()
    conversation = await voter.begin("direct", "swift")
    asked = await voter.ask(conversation)
    heard = await voter.hear(conversation, settled)
    assert text_of(heard, "a") == "alone"
    assert asked["commitments"]["b"] is None
    assert len(arena.provider.calls) == 1
    assert (await voter.vote(asked["battle_id"])).status == 409
    assert (await voter.ask(conversation, "More"))["battle_id"] == asked["battle_id"]


async def test_reasoning_is_a_part_of_its_own_and_is_not_sent_back(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text="42", reasoning="Hmm. ")),
        arena.entry("calm", Scenario(text="43", reasoning="Hm. ", inline_think=True)),
    )
    voter = arena.voter()
    conversation, _ = await voter.battle("One?")
    for response in (await voter.read(conversation))["turns"][0]["responses"]:
        assert [part["kind"] for part in response["parts"]] == ["reasoning", "text"]
    await voter.ask(conversation, "Two?")
    await voter.hear(conversation, settled)
    for call in arena.provider.calls[2:]:
        assert call.body["messages"][1]["content"] in ("42", "43")


async def test_nul_bytes_and_lone_surrogates_do_no_harm(arena: Arena) -> None:
    odd = (
        b'data: {"choices":[{"index":0,"delta":{"content":"a\\u0000b\\ud800c"},"finish_reason":"stop"}]}\n\n'
    )
    await arena.enter(arena.entry("swift", Scenario(raw=[odd])), arena.entry("calm", Scenario(raw=[odd])))
    voter = arena.voter()
    conversation = await voter.begin()
    url = f"{voter.base_url}/api/v1/conversations/{conversation}/turns"
    agrees = f', "terms_version": "{load_terms().version}"}}'.encode()
    body = b'{"parts": [{"type": "text", "text": "x\\u0000y\\ud800z"}]' + agrees
    async with voter.http.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 202, await response.text()
    heard = await voter.hear(conversation, settled)
    assert text_of(heard, "a") == "ab\N{REPLACEMENT CHARACTER}c"
    sent = {call.body["messages"][0]["content"] for call in arena.provider.calls}
    assert sent == {"xy\N{REPLACEMENT CHARACTER}z"}


async def test_another_persons_conversation_turn_and_battle_are_not_found(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    owner, stranger = arena.voter(), arena.voter()
    conversation, asked = await owner.battle()
    await stranger.begin()
    for voter in (stranger, arena.voter()):
        assert await statuses(voter, conversation, asked) == {404}


async def statuses(voter: Voter, conversation: str, asked: dict[str, str]) -> set[int]:
    text = {"parts": [{"type": "text", "text": "mine?"}]}
    calls = [
        ("GET", f"/conversations/{conversation}", None),
        ("GET", f"/conversations/{conversation}/events", None),
        ("POST", f"/conversations/{conversation}/turns", text),
        ("POST", f"/turns/{asked['id']}/stop", None),
        ("POST", f"/turns/{asked['id']}/retry", None),
        ("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a"}),
        ("GET", f"/battles/{asked['battle_id']}/reveal", None),
    ]
    return {(await voter.call(method, path, body)).status for method, path, body in calls}
