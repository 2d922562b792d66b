"""Deleting a conversation, all of them, the account: what goes, what stays, and who notices."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from evenhand.battles.erasing import ASKER_KEPT
from evenhand.battles.events import DeltaEvent, Part
from tests.belongings.acts import delete, downloaded, erased, rows, until
from tests.faults.history import MISCOUNTED
from tests.history.acts import somebody_waits
from tests.mine.acts import enter, guess, hold
from tests.sharing.acts import fetch
from tests.support.arena import Arena, begun, running_arena
from tests.support.fake_provider import Scenario
from tests.support.passkeys import asked as asked_of_device
from tests.support.passkeys import at_home, device, make, send_made, show
from tests.support.signing_in import ANN, Town, chats, look, me, use
from tests.support.watch import Watch


async def test_a_deleted_chat_is_gone_at_once_for_everybody(timed: Arena) -> None:
    ann, bob = timed.voter(), timed.voter()
    chat, asked = await ann.battle()
    other, _ = await ann.battle()
    await bob.battle()
    assert await delete(bob, f"/conversations/{chat}") == 404
    assert await delete(ann, f"/conversations/{chat}") == 204
    for method, path, body in (
        ("GET", f"/conversations/{chat}", None),
        ("GET", f"/conversations/{chat}/events", None),
        ("GET", f"/conversations/{chat}/export", None),
        ("PATCH", f"/conversations/{chat}", {"title": "Again"}),
        ("POST", f"/conversations/{chat}/turns", {"parts": [{"type": "text", "text": "Again?"}]}),
        ("POST", f"/turns/{asked['id']}/retry", {}),
        ("POST", f"/turns/{asked['id']}/stop", {}),
        ("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a"}),
        ("GET", f"/battles/{asked['battle_id']}/reveal", None),
        ("DELETE", f"/conversations/{chat}", None),
    ):
        answered = await ann.call(method, path, body)
        assert (answered.status, answered.body["code"]) == (404, "not_found"), path
    assert await chats(ann) == [other]


async def test_what_is_left_of_a_deleted_chat_are_numbers(timed: Arena) -> None:
    voter = timed.voter()
    chat, asked = await voter.battle()
    await voter.vote(asked["battle_id"])
    kept, _ = await voter.battle("And this one stays?")
    before = await rows(timed, "SELECT * FROM vote")
    measured = "SELECT id, style, cost_usd, output_tokens, duration_ms FROM attempt ORDER BY id"
    took = await rows(timed, measured)
    await delete(voter, f"/conversations/{chat}")
    await erased(timed)
    assert await rows(timed, "SELECT * FROM vote") == before
    assert await rows(timed, measured) == took
    [(status,)] = await rows(timed, "SELECT status FROM battle WHERE id = :id", id=asked["battle_id"])
    assert status == "revealed"
    words = "SELECT turn_id FROM turn_part JOIN turn ON turn.id = turn_id WHERE conversation_id = :id"
    assert await rows(timed, words, id=chat) == []
    assert len(await rows(timed, words, id=kept)) == 1
    assert (await voter.read(kept))["turns"][0]["responses"][0]["parts"]


async def test_what_a_process_that_slept_says_in_an_erased_chat_is_not_kept(timed: Arena) -> None:
    voter = timed.voter()
    chat, asked = await voter.battle()
    kept, asked_there = await voter.battle("And this one stays?")
    await delete(voter, f"/conversations/{chat}")
    await erased(timed)
    pieces = "SELECT conversation_id::text FROM stream_event WHERE data LIKE '%said late%'"
    streams = timed.app.state.streams
    for conversation, of in ((chat, asked), (kept, asked_there)):
        part = Part(UUID(conversation), UUID(of["id"]), UUID(of["battle_id"]), "a", 1, 0, "text")
        streams.publish(DeltaEvent(part, 0, "said late"))
    await streams.flush()
    assert await rows(timed, pieces) == [(kept,)]
    with capture_logs() as logs:
        streams.publish(DeltaEvent(replace(part, conversation_id=UUID(chat)), 0, "said late"))
        await streams.flush()
        await voter.battle()  # signals come in their order
    assert await rows(timed, pieces) == [(kept,)]
    assert logs == []


async def test_a_battle_without_a_vote_is_abandoned_with_its_chat(timed: Arena) -> None:
    voter = timed.voter()
    chat, _ = await voter.battle()
    await delete(voter, f"/conversations/{chat}")
    await erased(timed)
    assert await rows(timed, "SELECT status FROM battle") == [("abandoned",)]
    assert await rows(timed, "SELECT count(*) FROM draw") == [(1,)]


async def test_a_held_vote_becomes_final_although_its_chat_is_deleted(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    chat, asked = await voter.battle()
    await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "b", "hold": 5})
    await delete(voter, f"/conversations/{chat}")
    await erased(timed)
    assert await rows(timed, "SELECT status FROM battle") == [("ready",)]
    watch.time += timedelta(seconds=6)
    await until(timed, "SELECT FROM battle WHERE status = 'revealed'")
    assert await rows(timed, "SELECT choice FROM vote") == [("b",)]


async def test_what_runs_is_stopped_and_paid_for_and_its_reader_let_go(arena: Arena) -> None:
    stalls = Scenario(text="one two three four", stall_after=3)
    await arena.enter(arena.entry("swift", stalls), arena.entry("calm", stalls))
    voter = arena.voter()
    chat = await voter.begin()
    await voter.ask(chat)
    async with voter.follow(chat) as listener:
        await listener.until(begun)
        await delete(voter, f"/conversations/{chat}")
        async with asyncio.timeout(20):
            async for _ in listener.events():  # what was on its way, and then the end
                pass
    await erased(arena)
    assert await rows(arena, "SELECT status FROM response") == [("stopped",), ("stopped",)]
    assert await rows(arena, "SELECT count(*) FROM attempt WHERE output_tokens > 0") == [(2,)]
    # What is said last, that answers and their battle have ended, may be stored after that: it has no words.
    for table in ("turn_part", "part", "stream_event WHERE kind = 'delta'", "to_index"):
        assert await rows(arena, f"SELECT * FROM {table}") == [], table


async def test_who_is_asked_for_is_counted_for_as_long_as_limits_count_and_then_forgotten(
    database_url: str, watch: Watch
) -> None:
    async with running_arena(database_url, clock=watch, guest_turns_per_hour=1) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        voter = arena.voter()
        chat, _ = await voter.battle()
        await delete(voter, f"/conversations/{chat}")
        await erased(arena, watch)
        assert (await voter.call("GET", "/me")).body["turns_left"] == 0
        watch.time += ASKER_KEPT
        await erased(arena, watch)
        assert await rows(arena, "SELECT FROM turn WHERE account_id IS NULL") == []
        watch.time += timedelta(seconds=1)
        await erased(arena, watch)
        assert len(await rows(arena, "SELECT FROM turn WHERE account_id IS NULL")) == 1
        assert await rows(arena, "SELECT FROM to_erase") == []


async def test_all_chats_are_deleted_those_in_the_archive_too_and_nobody_elses(timed: Arena) -> None:
    ann, bob = timed.voter(), timed.voter()
    for _ in range(3):
        chat, _ = await ann.battle()
    await ann.call("PATCH", f"/conversations/{chat}", {"archived": True})
    theirs, _ = await bob.battle()
    assert await delete(ann, "/conversations") == 204
    assert await delete(ann, "/conversations") == 204
    await erased(timed)
    assert await chats(ann) == []
    assert await chats(bob) == [theirs]
    assert (await ann.call("GET", "/holdings")).body["chats"] == 0
    assert len(await rows(timed, "SELECT FROM conversation WHERE account_id IS NULL AND title = ''")) == 3
    assert len(await rows(timed, "SELECT FROM turn_part")) == 1


async def test_boards_are_byte_for_byte_what_they_were(timed: Arena) -> None:
    voter, other = timed.voter(), timed.voter()
    for choice in ("a", "b", "tie"):
        for somebody in (voter, other):
            _, asked = await somebody.battle()
            await somebody.vote(asked["battle_id"], choice)
    await timed.app.state.boards.refresh()
    before, _ = await downloaded(other, "/boards/text")
    cells = await rows(timed, "SELECT * FROM board_cell ORDER BY 1, 2, 3, 4")
    assert await delete(voter, "/me") == 204
    await erased(timed)
    await timed.app.state.boards.refresh()
    assert (await downloaded(other, "/boards/text"))[0] == before
    assert await rows(timed, "SELECT * FROM board_cell ORDER BY 1, 2, 3, 4") == cells
    assert await rows(timed, MISCOUNTED) == []


async def test_a_deleted_account_is_signed_out_everywhere_and_a_stranger_when_it_comes_back(
    town: Town,
) -> None:
    desk, phone = town.voter(), town.voter()
    await desk.battle()
    await town.sign_in(desk)
    await phone.battle()
    await town.sign_in(phone)
    assert len(await chats(phone)) == 2
    in_flight = await town.token(town.voter())
    assert await delete(phone, "/me") == 204
    for browser in (desk, phone):
        assert await me(browser) == ("stranger", None)
        assert await chats(browser) == []
    assert (await look(town.voter(), in_flight)).status == 404
    await town.sign_in(desk)
    assert await me(desk) == ("voter", ANN)
    assert await chats(desk) == []
    assert await delete(town.voter(), "/me") == 204


async def test_what_is_left_of_a_deleted_account_is_a_number_for_its_votes(town: Town) -> None:
    guest = town.voter()
    _, asked = await guest.battle()
    await guest.vote(asked["battle_id"])
    await town.sign_in(guest)
    assert (await guest.call("GET", "/holdings")).body["votes"] == 1
    await guest.call("POST", "/folders", {"name": "Sky"})
    await delete(guest, "/me")
    await erased(town.arena, town.arena.app.state.clock)
    for table in ("session", "identity", "sign_in_link", "folder", "idempotency"):
        assert await rows(town.arena, f"SELECT * FROM {table}") == [], table
    [(voter, at)] = await rows(
        town.arena, "SELECT vote.account_id, erased_at FROM vote JOIN account ON account.id = account_id"
    )
    assert at is not None
    assert await rows(town.arena, "SELECT FROM conversation WHERE account_id IS NOT NULL") == []
    assert voter is not None


async def test_what_is_begun_while_the_account_is_deleted_is_not_begun(town: Town, database_url: str) -> None:
    voter = town.voter()
    await voter.battle()
    async with town.arena.database.unit_of_work() as work:
        await work.session.execute(text("UPDATE account SET erased_at = now()"))
        starting = asyncio.create_task(
            voter.call("POST", "/conversations", {"arena": "text", "mode": "battle"})
        )
        await somebody_waits(database_url)
    begun_too_late = (await starting).body["id"]
    answered = await voter.call("GET", f"/conversations/{begun_too_late}")
    assert (answered.status, answered.body["code"]) == (404, "not_found")


async def test_a_question_that_is_on_its_way_is_waited_for_and_erased_with_the_rest(
    town: Town, database_url: str
) -> None:
    voter = town.voter()
    chat, _ = await voter.battle()
    async with town.arena.database.unit_of_work() as work:
        # As asking does.
        held = "SELECT FROM conversation WHERE id = :id FOR NO KEY UPDATE"
        await work.session.execute(text(held), {"id": chat})
        deleting = asyncio.create_task(delete(voter, f"/conversations/{chat}"))
        await somebody_waits(database_url)
        late = (
            "INSERT INTO idempotency SELECT account_id, :route, 'late', '', 'words', now() FROM conversation"
        )
        await work.session.execute(text(late), {"route": f"POST /api/v1/conversations/{chat}/turns"})
    assert await deleting == 204
    assert await rows(town.arena, "SELECT answer FROM idempotency") == []


async def test_the_database_gives_no_deleted_chat_back_and_erases_no_words_of_others(timed: Arena) -> None:
    voter = timed.voter()
    chat, _ = await voter.battle()
    with pytest.raises(IntegrityError):
        await rows(timed, "SELECT erase_words(:id)", id=chat)
    await delete(voter, f"/conversations/{chat}")
    for change in ("account_id = (SELECT id FROM account)", "title = 'Again'"):
        with pytest.raises(IntegrityError):
            await rows(timed, f"UPDATE conversation SET {change} RETURNING 1")


@pytest.mark.parametrize("path", ["/conversations/{chat}", "/conversations", "/me"])
async def test_a_link_to_a_deleted_chat_leads_nowhere_from_that_moment(timed: Arena, path: str) -> None:
    voter, stranger = timed.voter(), timed.voter()
    chat, asked = await voter.battle()
    await voter.vote(asked["battle_id"])
    links = []
    for shared in ({"conversation_id": chat}, {"battle_id": asked["battle_id"]}):
        answered = await voter.call("POST", "/shares", {**shared, "names": True})
        links.append(answered.body["token"])
    for token in links:
        assert (await fetch(timed, f"/api/v1/shares/{token}/picture.png")).status == 200
    assert len(await rows(timed, "SELECT FROM share_picture")) == 2
    assert await delete(voter, path.format(chat=chat)) == 204
    for token in links:
        answered = await stranger.call("GET", f"/shares/{token}")
        assert (answered.status, answered.body["code"]) == (404, "unknown_share")
        assert (await fetch(timed, f"/api/v1/shares/{token}/picture.png")).status == 404
        assert (await fetch(timed, f"/s/{token}")).status == 404
    for table in ("share", "share_picture"):
        assert await rows(timed, f"SELECT FROM {table}") == [], table


async def test_a_link_to_another_chat_stays(timed: Arena) -> None:
    voter = timed.voter()
    tokens = {}
    for number in range(2):
        chat, asked = await voter.battle(f"Question {number}?")
        await voter.vote(asked["battle_id"])
        shared = await voter.call("POST", "/shares", {"conversation_id": chat, "names": True})
        tokens[chat] = shared.body["token"]
    gone, kept = tokens
    await delete(voter, f"/conversations/{gone}")
    assert (await timed.voter().call("GET", f"/shares/{tokens[kept]}")).status == 200


async def test_a_guess_goes_with_its_chat_and_the_vote_stays(timed: Arena) -> None:
    await enter(timed, "swift", "calm")
    voter = timed.voter()
    battles = []
    for _ in range(2):
        battle, who = await hold(voter)
        assert (await guess(voter, battle, a=who["a"])).status == 200
        battles.append(battle)
    of = "SELECT conversation_id FROM battle WHERE id = :id"
    [(chat,)] = await rows(timed, of, id=battles[0])
    await delete(voter, f"/conversations/{chat}")
    left = "SELECT battle_id::text FROM guess JOIN vote ON vote.id = vote_id"
    assert await rows(timed, left) == [(battles[1],)]
    await delete(voter, "/me")
    assert await rows(timed, left) == []
    assert await rows(timed, "SELECT count(*) FROM vote") == [(2,)]


async def test_what_a_deleted_chat_was_about_is_not_kept_and_nobody_s_chat_is_released(timed: Arena) -> None:
    voter = timed.voter()
    await voter.battle("May I take ibuprofen against the headache?")
    plain, _ = await voter.battle()
    await voter.call("PATCH", f"/conversations/{plain}", {"topics": ["law"], "left_out": True})
    about = "SELECT count(*) FROM conversation WHERE topics <> '{}' OR topics_said <> '{}' OR left_out"
    assert await rows(timed, about) == [(2,)]
    await delete(voter, "/conversations")
    assert await rows(timed, about) == [(0,)]
    assert await rows(timed, "SELECT FROM releasable_conversation") == []
    assert await rows(timed, "SELECT count(*) FROM turn WHERE terms_version IS NULL") == [(0,)]


async def test_what_an_account_saved_agreed_to_and_is_known_by_goes_with_it(town: Town) -> None:
    desk, key = at_home(town), device(town)
    await desk.battle()
    for number, voter in enumerate((desk, at_home(town), at_home(town))):
        await voter.call("POST", "/prompts", {"name": f"{number}", "text": "Explain {{what}}."})
        await voter.call("PATCH", "/consent", {"left_out": True})
        if number < 2:  # the second comes from another device, and goes into the account
            await town.sign_in(voter)
    assert (await make(desk, key)).status == 201
    unanswered = await asked_of_device(desk, "/passkeys/options")
    own = ("saved_prompt", "release_choice", "agreement", "passkey", "identity", "passkey_challenge")
    before = [len(await rows(town.arena, f"SELECT FROM {table}")) for table in own]
    assert before == [3, 2, 1, 1, 2, 1]
    await delete(desk, "/me")
    after = [len(await rows(town.arena, f"SELECT FROM {table}")) for table in own]
    assert after == [1, 1, 0, 0, 0, 0], "what another guest has stays"
    assert (await show(at_home(town), key)).body["code"] == "unknown_passkey"
    assert (await send_made(desk, device(town).make(unanswered))).body["code"] == "passkey_too_late"
    assert await me(desk) == ("stranger", None)


async def test_an_account_that_is_deleted_at_this_moment_takes_no_further_address(
    town: Town, database_url: str
) -> None:
    desk = at_home(town)
    assert (await make(desk, device(town))).status == 201
    token = await town.token(desk)
    async with town.arena.database.unit_of_work() as work:
        # As deleting does.
        await work.session.execute(text("UPDATE account SET erased_at = now()"))
        adding = asyncio.create_task(use(desk, token))
        await somebody_waits(database_url)
    assert (await adding).body["code"] == "account_deleted"
    assert await rows(town.arena, "SELECT FROM identity WHERE kind = 'email'") == []


async def test_a_question_that_agrees_while_the_account_is_deleted_leaves_no_agreement(
    town: Town, database_url: str
) -> None:
    voter = town.voter()
    chat = await voter.begin()
    async with town.arena.database.unit_of_work() as work:
        # As asking does.
        held = "SELECT FROM conversation WHERE id = :id FOR NO KEY UPDATE"
        await work.session.execute(text(held), {"id": chat})
        deleting = asyncio.create_task(delete(voter, "/me"))
        await somebody_waits(database_url)
        agree = "INSERT INTO agreement SELECT account_id, version, now() FROM conversation, terms"
        await work.session.execute(text(agree))
    assert await deleting == 204
    assert await rows(town.arena, "SELECT FROM agreement") == []
