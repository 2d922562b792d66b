"""Finding a conversation again, by what was asked and answered in it."""

import psycopg
from sqlalchemy import text

from tests.history.acts import change, count, listed, marked, titles, written
from tests.support.arena import Arena, settled
from tests.support.fake_provider import Scenario


async def enter(arena: Arena, *answers: str) -> None:
    await arena.enter(
        *(arena.entry(f"model-{number}", Scenario(text=one)) for number, one in enumerate(answers))
    )


async def test_a_search_finds_what_was_asked_newest_first_and_only_ones_own(arena: Arena) -> None:
    await enter(arena, "Yes.", "No.")
    voter = arena.voter()
    for question in ("About cats", "About dogs", "关于猫的问题"):
        await voter.battle(question)
    await arena.voter().battle("About cats, somebody else's")
    await voter.begin()  # nothing was asked in it
    await written(arena)
    assert await titles(voter) == ["关于猫的问题", "About dogs", "About cats"]
    assert await titles(voter, query="about") == ["About dogs", "About cats"]
    assert await titles(voter, query="CAT") == ["About cats"]
    assert await titles(voter, query="猫") == ["关于猫的问题"]
    assert await titles(voter, query="猫的") == ["关于猫的问题"]
    assert await titles(voter, query="的猫") == []
    assert await titles(voter, query="%") == []
    assert await titles(arena.voter(), query="cats") == []


async def test_a_search_finds_what_was_answered_and_shows_where(arena: Arena) -> None:
    await enter(arena, "A sum grows by addition.", "和会随着加法增长。")
    voter = arena.voter()
    conversation, asked = await voter.battle("How does it grow?")
    await written(arena)
    [found] = await listed(voter, query="additio")
    assert (found["id"], found["hit"]["found_in"]) == (conversation, "answer")
    assert found["hit"]["turn_id"] == asked["id"]
    assert marked(found) == ["additio"]
    [found] = await listed(voter, query="加法")
    assert marked(found) == ["加法"]


async def test_all_that_is_looked_for_may_be_said_in_several_turns(arena: Arena) -> None:
    await enter(arena, "Yes.", "No.")
    voter = arena.voter()
    conversation, _ = await voter.battle("About lighthouses")
    await voter.ask(conversation, "And bridges?")
    await voter.hear(conversation, settled)
    await voter.battle("Lighthouses alone")
    await written(arena)
    assert await titles(voter, query="bridges lighthouses") == ["About lighthouses"]


async def test_a_conversation_is_found_by_the_name_that_it_was_given(arena: Arena) -> None:
    await enter(arena, "Yes.", "No.")
    voter = arena.voter()
    conversation, _ = await voter.battle("What to see?")
    await change(voter, conversation, title="Reise nach 里斯本")
    await written(arena)
    [found] = await listed(voter, query="里斯")
    assert found["hit"] == {
        "found_in": "title",
        "turn_id": None,
        "snippet": [
            {"text": "Reise nach ", "match": False},
            {"text": "里斯", "match": True},
            {"text": "本", "match": False},
        ],
    }
    await change(voter, conversation, title=None)
    await written(arena)
    assert await titles(voter, query="Reise") == []
    assert await titles(voter, query="what") == ["What to see?"]


async def test_an_answer_that_was_tried_again_is_found_by_its_newest_words(arena: Arena) -> None:
    stuck = Scenario(text="Obsolete words come first here.", stall_after=3)
    await arena.enter(arena.entry("stuck", stuck), arena.entry("quick", Scenario(text="Short.")))
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, lambda event: "Obsolete" in event.data.get("text", ""))
    await voter.call("POST", f"/turns/{asked['id']}/stop")
    await written(arena)
    assert len(await titles(voter, query="obsolete")) == 1
    stuck.text, stuck.stall_after = "Entirely fresh.", None
    await voter.call("POST", f"/turns/{asked['id']}/retry")
    await voter.hear(conversation, settled)
    await written(arena)
    assert await titles(voter, query="obsolete") == []
    assert len(await titles(voter, query="fresh")) == 1


async def test_what_goes_to_another_account_is_found_there_and_nowhere_else(arena: Arena) -> None:
    await enter(arena, "Yes.", "No.")
    voter, other = arena.voter(), arena.voter()
    conversation, _ = await voter.battle("About cats")
    await change(voter, conversation, title="Whiskers")
    await other.battle("About dogs")
    await written(arena)
    async with arena.database.unit_of_work() as work:
        rows = await work.session.execute(text("SELECT title, account_id FROM conversation"))
        owners = dict(rows.all())
        await work.session.execute(
            text("UPDATE conversation SET account_id = :owner WHERE id = :id"),
            {"owner": owners["About dogs"], "id": conversation},
        )
    await written(arena)
    for query in ("cats", "whiskers"):
        assert await titles(voter, query=query) == []
        assert await titles(other, query=query) == ["Whiskers"]


async def test_the_index_goes_with_the_conversation(arena: Arena, database_url: str) -> None:
    await enter(arena, "Yes.", "No.")
    voter = arena.voter()
    conversation, _ = await voter.battle("About cats")
    await change(voter, conversation, title="Whiskers")
    await written(arena)
    assert await count(arena, "search_document") == 2
    await arena.app.state.streams.flush()  # what came to be stored now would hold its turn
    # By the database's owner: the arena itself may not take back what was said.
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as owner:
        for table in ("stream_event", "part", "attempt", "response", "turn_part", "turn", "battle"):
            await owner.execute(f"DELETE FROM {table}".encode())
        await owner.execute("DELETE FROM conversation")
        # Noted before, and read after.
        await owner.execute("INSERT INTO to_index (conversation_id) VALUES (%s)", (conversation,))
    await written(arena)
    assert await count(arena, "search_document") == 0
