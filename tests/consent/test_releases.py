"""What a release may hold: nothing that its owner, its mode or what it is about keeps out of it."""

from typing import Any

from sqlalchemy import text

from tests.support.arena import Answered, Arena, Voter, settled


async def releasable(arena: Arena) -> set[str]:
    async with arena.database.unit_of_work() as work:
        found = await work.session.scalars(text("SELECT conversation_id::text FROM releasable_conversation"))
        return set(found)


async def enter(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))


async def change(voter: Voter, conversation: str, **values: Any) -> Answered:
    return await voter.call("PATCH", f"/conversations/{conversation}", values)


async def item(voter: Voter, conversation: str) -> tuple[bool, list[str]]:
    """What the history and the conversation itself say of it."""
    items = (await voter.call("GET", "/conversations")).body["items"]
    listed = next(one for one in items if one["id"] == conversation)
    whole = await voter.read(conversation)
    assert (listed["left_out"], listed["topics"]) == (whole["left_out"], whole["topics"])
    return whole["left_out"], whole["topics"]


async def test_a_battle_is_releasable_until_its_owner_leaves_it_out(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    one, _ = await voter.battle()
    other, _ = await voter.battle()
    assert await releasable(arena) == {one, other}
    assert (await change(voter, one, left_out=True)).status == 204
    assert await item(voter, one) == (True, [])
    assert await releasable(arena) == {other}
    await change(voter, one, left_out=False)
    assert await releasable(arena) == {one, other}


async def test_whoever_opts_out_is_left_out_whole_and_nobody_else(arena: Arena) -> None:
    await enter(arena)
    voter, other = arena.voter(), arena.voter()
    await voter.battle()
    theirs, _ = await other.battle()
    await voter.call("PATCH", "/consent", {"left_out": True})
    await voter.battle()
    assert await releasable(arena) == {theirs}
    await voter.call("PATCH", "/consent", {"left_out": False})
    assert len(await releasable(arena)) == 3


async def test_a_stranger_can_opt_out_before_the_first_question(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    assert (await voter.call("PATCH", "/consent", {"left_out": True})).status == 204
    body = (await voter.call("GET", "/consent")).body
    assert (body["agreements"], body["left_out"]) == ([], True)
    await voter.battle()
    assert await releasable(arena) == set()


async def test_what_looks_like_health_or_law_is_left_out_until_its_owner_says_otherwise(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    conversation, _ = await voter.battle("Why is the sky blue?")
    assert await releasable(arena) == {conversation}
    await voter.ask(conversation, "And may I take ibuprofen against the headache?")
    await voter.hear(conversation, settled)
    assert await item(voter, conversation) == (False, ["health"])
    assert await releasable(arena) == set()
    await change(voter, conversation, topics=[])
    assert await releasable(arena) == {conversation}
    await voter.ask(conversation, "What would a lawyer say?")
    await voter.hear(conversation, settled)
    assert await item(voter, conversation) == (False, [])
    await change(voter, conversation, topics=None)
    assert await item(voter, conversation) == (False, ["health", "law"])


async def test_an_owner_can_say_that_something_is_about_law_where_no_word_says_so(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    conversation, _ = await voter.battle("The usual question, as yesterday")
    await change(voter, conversation, topics=["law", "law"])
    assert await item(voter, conversation) == (False, ["law"])
    assert await releasable(arena) == set()
    assert (await change(voter, conversation, topics=["money"])).status == 422


async def test_only_blind_battles_are_released(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    for mode, names in (("direct", ["swift"]), ("side_by_side", ["swift", "calm"])):
        conversation = await voter.begin(mode, *names)
        await voter.ask(conversation)
        await voter.hear(conversation, settled)
    await voter.begin()
    assert await releasable(arena) == set()


async def test_nothing_is_released_that_was_asked_before_there_was_anything_to_agree_to(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    conversation, _ = await voter.battle()
    async with arena.database.unit_of_work() as work:
        await work.session.execute(text("UPDATE turn SET terms_version = NULL"))
    await voter.ask(conversation, "And at night?")
    await voter.hear(conversation, settled)
    assert await releasable(arena) == set()


async def test_nobody_changes_what_is_anothers(arena: Arena) -> None:
    await enter(arena)
    conversation, _ = await arena.voter().battle()
    assert (await change(arena.voter(), conversation, left_out=True)).status == 404
    assert await releasable(arena) == {conversation}
