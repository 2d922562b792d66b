"""What other arenas got wrong with streams and votes, as far as no other test holds it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from tests.faults.history import History
from tests.support.arena import Arena, Heard, Voter, begun, running_arena, settled, text_of
from tests.support.fake_provider import Scenario

ANSWER = "Short waves are scattered more than long ones. " * 8

LOSE_VOTES = """
CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON vote DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lose()"""


async def enter(arena: Arena, **scenario: object) -> list[Scenario]:
    """Two contestants that give the same answer in the same way."""
    scenarios = [Scenario(text=ANSWER, **scenario) for _ in range(2)]  # type: ignore[arg-type]
    await arena.enter(
        *(arena.entry(slug, one) for slug, one in zip(("swift", "calm"), scenarios, strict=True))
    )
    return scenarios


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[psycopg.AsyncConnection[tuple[object, ...]]]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


async def test_a_provider_that_keeps_silent_blocks_nobody_else(arena: Arena) -> None:
    silent = await enter(arena, stall_after=1)
    waiting = [arena.voter() for _ in range(20)]
    conversations = [await voter.begin() for voter in waiting]
    for voter, conversation in zip(waiting, conversations, strict=True):
        await voter.ask(conversation)
    await arena.provider.called(40)
    arena.provider.scenarios |= {name: Scenario(text=ANSWER) for name in arena.provider.scenarios}
    conversation, _ = await arena.voter().battle()
    for scenario in silent:
        scenario.released.set()
    for voter, conversation in zip(waiting, conversations, strict=True):
        heard = await voter.hear(conversation, settled)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER


async def test_a_vote_that_the_database_does_not_keep_reveals_nothing(
    arena: Arena, database_url: str
) -> None:
    await enter(arena)
    voter = arena.voter()
    conversation, asked = await voter.battle()
    async with connected(database_url) as owner:
        await owner.execute(LOSE_VOTES)
        async with voter.follow(conversation) as listener:
            await listener.until(settled)
            refused = await voter.vote(asked["battle_id"], "b")
            assert (refused.status, refused.body["code"]) == (503, "unavailable")
            assert (await voter.call("GET", f"/battles/{asked['battle_id']}/reveal")).status == 409
            [battle] = (await voter.read(conversation))["battles"]
            assert (battle["status"], battle["vote"], battle["reveal"]) == ("ready", None, None)
            await owner.execute("DROP TRIGGER lose ON vote")
            assert (await voter.vote(asked["battle_id"], "a")).status == 200
            heard = await listener.until(lambda event: event.data.get("status") == "revealed")
    assert [event.data["status"] for event in heard if event.kind == "battle"] == ["ready", "revealed"]
    await History({asked["battle_id"]: "a"}).check(database_url, voter)


async def test_whoever_hangs_up_in_the_middle_leaves_nothing_behind_that_is_in_the_way(
    arena: Arena, database_url: str
) -> None:
    stalls = await enter(arena, stall_after=9)
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, begun)
    cookie = voter.cookie
    await voter.http.close()
    for scenario in stalls:
        scenario.released.set()
    back = arena.voter()
    back.cookie = cookie
    heard = await back.hear(conversation, settled)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    assert (await back.ask(conversation))["battle_id"] == asked["battle_id"]
    await back.hear(conversation, settled)
    await History().check(database_url)


async def test_a_question_whose_asker_hangs_up_at_once_is_answered_or_was_never_asked(
    arena: Arena, database_url: str
) -> None:
    await enter(arena)
    voter = arena.voter()
    conversation = await voter.begin()
    calls = len(arena.provider.calls)
    asking = asyncio.create_task(voter.ask(conversation))
    await arena.provider.called(calls + 1)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    heard = await voter.hear(conversation, settled)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    await History().check(database_url)


async def test_no_word_of_an_answer_is_sent_twice_to_who_listens_from_the_start(arena: Arena) -> None:
    await enter(arena, tokens_per_second=100)
    voter = arena.voter()
    conversation, _ = await voter.battle("One?")
    async with voter.follow(conversation) as listener:
        await listener.until(settled)
        second = await voter.ask(conversation, "Two?")

        def over(event: Heard) -> bool:
            return event.data["turn_id"] == second["id"] and settled(event)

        heard = await listener.until(over)
    told = [event for event in heard if event.kind == "delta" and event.data["turn_id"] == second["id"]]
    assert len(told) > 10
    assert sum(len(event.data["text"]) for event in told) == 2 * len(ANSWER)


async def test_a_page_is_shown_without_reading_the_votes(arena: Arena, database_url: str) -> None:
    await enter(arena)
    voter = arena.voter()
    _, asked = await voter.battle()
    await voter.vote(asked["battle_id"])
    await History({asked["battle_id"]: "a"}).check(database_url, voter)
    async with connected(database_url) as owner, owner.transaction():
        await owner.execute("LOCK TABLE vote IN ACCESS EXCLUSIVE MODE")
        for page in ("/boards", "/boards/text", "/instance"):
            assert (await voter.call("GET", page)).status == 200


async def ended(voter: Voter, conversation: str, how: str, stalls: list[Scenario]) -> None:
    """Bring a conversation's first turn to an end of this kind."""
    asked = await voter.ask(conversation, "One?")
    if how == "stopped":
        await voter.hear(conversation, begun)
        await voter.call("POST", f"/turns/{asked['id']}/stop")
    for scenario in stalls:
        scenario.released.set()
    await voter.hear(conversation, settled)
    if how == "voted":
        assert (await voter.vote(asked["battle_id"])).status == 200


CHOSEN = {"battle": [], "side_by_side": ["swift", "calm"], "direct": ["swift"]}
ENDS = [
    (mode, how)
    for mode in CHOSEN
    for how in ("answered", "voted", "stopped", "failed")
    if (mode, how) != ("direct", "voted")
]


@pytest.mark.parametrize(("mode", "how"), ENDS)
async def test_a_second_question_is_taken_in_every_mode_however_the_first_one_ended(
    arena: Arena, database_url: str, mode: str, how: str
) -> None:
    failing = {"fail_times": 1, "status": 400} if how == "failed" else {}
    stalls = await enter(arena, stall_after=9, **failing)
    voter = arena.voter()
    conversation = await voter.begin(mode, *CHOSEN[mode])
    await ended(voter, conversation, how, stalls)
    second = await voter.ask(conversation, "Two?")
    heard = await voter.hear(
        conversation, lambda event: event.data["turn_id"] == second["id"] and settled(event)
    )
    assert heard[-1].data["status"] == "ready"
    told = await voter.read(conversation)
    assert told["mode"] == mode
    assert [turn["parts"][0]["text"] for turn in told["turns"]] == ["One?", "Two?"]
    await History().check(database_url)


async def test_history_that_cannot_be_read_is_not_shown_as_empty(database_url: str) -> None:
    async with running_arena(database_url) as arena:
        await enter(arena)
        voter = arena.voter()
        conversations = [(await voter.battle())[0] for _ in range(3)]
        cookie = voter.cookie
        async with connected(database_url) as owner:
            await owner.execute("REVOKE SELECT ON conversation FROM evenhand_app")
            assert (await voter.call("GET", "/conversations")).status >= 500
            assert (await voter.call("GET", f"/conversations/{conversations[0]}")).status >= 500
            await owner.execute("GRANT SELECT ON conversation TO evenhand_app")
    async with running_arena(database_url) as again:  # and a restart does not lose it
        voter = again.voter()
        voter.cookie = cookie
        items = (await voter.call("GET", "/conversations")).body["items"]
        assert [one["id"] for one in items] == conversations[::-1]
