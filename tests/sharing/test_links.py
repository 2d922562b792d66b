"""Links: what they show, to whom, and for how long."""

import asyncio

import psycopg
import pytest

from evenhand.accounts.limits import WRONG_TRIES
from evenhand.sharing import shares
from tests.history.acts import count
from tests.sharing.acts import ANSWERS, Sharer, fetch, questions
from tests.support.arena import running_arena, settled
from tests.support.fake_provider import Scenario
from tests.support.signing_in import ANN, look, use

UNKNOWN = "x" * 43


async def test_a_stranger_reads_a_shared_battle_with_the_names_and_gets_no_session(sharer: Sharer) -> None:
    _, battle = await sharer.voted(choice="b")
    token = await sharer.share(battle_id=battle)
    stranger = sharer.arena.voter()
    answered = await stranger.call("GET", f"/shares/{token}")
    assert answered.status == 200
    assert "Set-Cookie" not in answered.headers
    shown = answered.body
    assert (shown["title"], questions(shown)) == ("Why is the sky blue?", ["Why is the sky blue?"])
    assert {answer["text"] for answer in shown["turns"][0]["answers"]} == set(ANSWERS.values())
    [told] = shown["battles"]
    assert told["choice"] == "b"
    assert {told["names"][side]["name"] for side in "ab"} == {"Zanzibar 7", "Quetzal 7"}


async def test_without_names_the_sides_keep_their_letters(sharer: Sharer) -> None:
    _, battle = await sharer.voted()
    shown = await sharer.read(await sharer.share(battle_id=battle, names=False))
    assert shown["battles"] == [{"mode": "battle", "choice": "a", "names": None}]
    assert shown["with_names"] is False


async def test_what_is_asked_later_is_not_in_a_link_until_it_is_shared_anew(sharer: Sharer) -> None:
    conversation, _ = await sharer.voted("First?")
    token = await sharer.share(conversation_id=conversation)
    asked = await sharer.ask_on(conversation, "Second?")
    await sharer.voter.vote(asked["battle_id"])
    assert questions(await sharer.read(token)) == ["First?"]
    anew = await sharer.share(conversation_id=conversation)
    assert anew != token
    assert questions(await sharer.read(anew)) == ["First?", "Second?"]


async def test_a_battle_without_a_vote_is_left_out_and_stays_out_of_the_link_after_its_vote(
    sharer: Sharer,
) -> None:
    conversation, _ = await sharer.voted("First?")
    asked = await sharer.ask_on(conversation, "Second?")
    token = await sharer.share(conversation_id=conversation)
    shown = await sharer.read(token)
    assert (questions(shown), shown["left_out"]) == (["First?"], 1)
    await sharer.voter.vote(asked["battle_id"])
    assert questions(await sharer.read(token)) == ["First?"]


@pytest.mark.parametrize("hold", [None, 10], ids=["no vote", "a vote that is held"])
async def test_a_battle_whose_vote_is_not_final_is_not_shared(sharer: Sharer, hold: int | None) -> None:
    conversation, asked = await sharer.voter.battle()
    if hold:
        body = {"choice": "a", "hold": hold}
        held = await sharer.voter.call("POST", f"/battles/{asked['battle_id']}/vote", body)
        assert held.body["reveal"] is None
    for wanted in ({"battle_id": asked["battle_id"]}, {"conversation_id": conversation}):
        refused = await sharer.try_to_share(**wanted)
        assert (refused.status, refused.body["code"]) == (409, "nothing_to_share")
    card = f"/battles/{asked['battle_id']}/card.png?names=false"
    assert (await sharer.voter.call("GET", card)).body["code"] == "nothing_to_share"


async def test_a_link_shows_the_branch_that_was_shared_and_no_other(sharer: Sharer) -> None:
    conversation, _ = await sharer.voted("First?")
    second = await sharer.ask_on(conversation, "Second?")
    await sharer.voter.vote(second["battle_id"])
    other = await sharer.ask_on(conversation, "Second, differently?", parent_id=second["turn"]["parent_id"])
    await sharer.voter.vote(other["battle_id"])
    token = await sharer.share(conversation_id=conversation, end_id=second["turn"]["id"])
    assert questions(await sharer.read(token)) == ["First?", "Second?"]


async def test_one_battle_of_a_longer_conversation_is_shared_alone_and_says_that_others_came_before(
    sharer: Sharer,
) -> None:
    conversation, _ = await sharer.voted("First?")
    second = await sharer.ask_on(conversation, "Second?")
    await sharer.voter.vote(second["battle_id"])
    await sharer.ask_on(conversation, "Third?")
    shown = await sharer.read(await sharer.share(battle_id=second["battle_id"]))
    assert (questions(shown), shown["earlier"], shown["left_out"]) == (["Second?"], True, 0)


async def test_models_chosen_by_name_are_shared_without_a_vote_and_nameless_if_one_likes(
    sharer: Sharer,
) -> None:
    conversation = await sharer.voter.begin("side_by_side", *ANSWERS)
    await sharer.ask_on(conversation, "Which of you?")
    [told] = (await sharer.read(await sharer.share(conversation_id=conversation)))["battles"]
    assert told["choice"] is None
    assert told["names"]["a"] == {"name": "Zanzibar 7", "organization": "zanzibar Labs"}
    nameless = await sharer.read(await sharer.share(conversation_id=conversation, names=False))
    assert nameless["battles"][0]["names"] is None


async def test_an_answer_that_is_still_being_written_is_not_shown(sharer: Sharer) -> None:
    slow = Scenario(text="Slowly, but surely.", stall_after=1)
    sharer.arena.provider.scenarios["zanzibar-model"] = slow
    conversation = await sharer.voter.begin("direct", "zanzibar")
    await sharer.voter.ask(conversation, "Are you there?")
    await sharer.arena.provider.called()
    assert (await sharer.try_to_share(conversation_id=conversation)).body["code"] == "nothing_to_share"
    slow.released.set()
    await sharer.voter.hear(conversation, settled)
    assert questions(await sharer.read(await sharer.share(conversation_id=conversation))) == [
        "Are you there?"
    ]


async def test_the_name_that_its_owner_gave_a_chat_is_not_shown(sharer: Sharer) -> None:
    conversation, _ = await sharer.voted()
    await sharer.voter.call("PATCH", f"/conversations/{conversation}", {"title": "For the talk with my boss"})
    token = await sharer.share(conversation_id=conversation)
    assert "boss" not in str(await sharer.read(token))
    assert "boss" not in (await fetch(sharer.arena, f"/s/{token}")).text


async def test_the_same_shared_again_gets_the_link_that_there_is(sharer: Sharer) -> None:
    conversation, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    assert await sharer.share(battle_id=battle) == token
    others = {
        await sharer.share(battle_id=battle, names=False),
        await sharer.share(battle_id=battle, language="zh"),
        await sharer.share(conversation_id=conversation),
    }
    assert len({token, *others}) == 4


async def test_ones_links_are_listed_by_conversation_and_by_battle_and_all(sharer: Sharer) -> None:
    conversation, battle = await sharer.voted("First?")
    _, other = await sharer.voted("Other?")
    whole = await sharer.share(conversation_id=conversation)
    alone = await sharer.share(battle_id=battle, names=False)
    elsewhere = await sharer.share(battle_id=other)
    assert [one["token"] for one in await sharer.shares()] == [elsewhere, alone, whole]
    assert [one["token"] for one in await sharer.shares(conversation=conversation)] == [alone, whole]
    [listed] = await sharer.shares(battle=battle)
    assert listed["url"] == f"{sharer.arena.base_url}/s/{alone}"
    assert (listed["title"], listed["names"], listed["turns"]) == ("First?", False, 1)
    stranger = Sharer(sharer.arena, sharer.arena.voter())
    assert await stranger.shares(conversation=conversation) == []


async def test_a_revoked_link_shows_nothing_any_more_and_its_picture_is_gone(sharer: Sharer) -> None:
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    places = (f"/api/v1/shares/{token}", f"/api/v1/shares/{token}/picture.png", f"/s/{token}")
    assert [(await fetch(sharer.arena, place)).status for place in places] == [200, 200, 200]
    assert await count(sharer.arena, "share_picture") == 1
    assert (await sharer.voter.call("DELETE", f"/shares/{token}")).status == 204
    for place in places:
        gone = await fetch(sharer.arena, place)
        unknown = await fetch(sharer.arena, place.replace(token, UNKNOWN))
        assert (gone.status, gone.body) == (404, unknown.body)
    assert await count(sharer.arena, "share_picture") == 0
    assert await sharer.shares() == []
    assert (await sharer.voter.call("DELETE", f"/shares/{token}")).status == 404


async def test_a_link_is_revoked_by_its_owner_alone(sharer: Sharer) -> None:
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    other = Sharer(sharer.arena, sharer.arena.voter())
    assert (await other.voter.call("DELETE", f"/shares/{token}")).status == 404
    await other.voted()
    assert (await other.voter.call("DELETE", f"/shares/{token}")).status == 404
    await sharer.read(token)


async def test_what_is_somebody_elses_is_not_shared(sharer: Sharer) -> None:
    conversation, battle = await sharer.voted()
    own, _ = await sharer.voted("Mine?")
    turn = (await sharer.voter.read(own))["turns"][0]["id"]
    other = Sharer(sharer.arena, sharer.arena.voter())
    await other.voted("Theirs?")
    for wanted in ({"conversation_id": conversation}, {"battle_id": battle}):
        refused = await other.try_to_share(**wanted)
        assert (refused.status, refused.body["code"]) == (404, "not_found")
    assert (await other.voter.call("GET", f"/battles/{battle}/card.png?names=true")).status == 404
    refused = await sharer.try_to_share(conversation_id=conversation, end_id=turn)
    assert refused.status == 404
    assert await count(sharer.arena, "share") == 0


async def test_somebody_has_so_many_links_and_no_more(
    sharer: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST_SHARES", 1)
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    refused = await sharer.try_to_share(battle_id=battle, names=False)
    assert (refused.status, refused.body["code"], refused.body["limit"]) == (409, "too_many_shares", 1)
    assert await sharer.share(battle_id=battle) == token


async def test_links_that_do_not_exist_are_tried_so_often_and_one_that_does_is_still_read(
    sharer: Sharer,
) -> None:
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    tried = [await fetch(sharer.arena, f"/api/v1/shares/{UNKNOWN}") for _ in range(WRONG_TRIES + 1)]
    assert [one.status for one in tried] == [404] * WRONG_TRIES + [429]
    assert (await fetch(sharer.arena, f"/api/v1/shares/{UNKNOWN}/picture.png")).status == 429
    await sharer.read(token)
    # Whoever opened so many links that were revoked may still sign in.
    assert (await look(sharer.arena.voter(), "wrong")).status == 404


@pytest.mark.parametrize("token", ["x", "%00", "..%252f", "x" * 42 + "é", "x" * 5000, "'%20OR%201=1--"])
async def test_what_is_no_token_is_answered_like_one_that_there_is_not(sharer: Sharer, token: str) -> None:
    assert (await fetch(sharer.arena, f"/api/v1/shares/{token}")).status == 404
    assert (await sharer.voter.call("DELETE", f"/shares/{token}")).status == 404
    page = await fetch(sharer.arena, f"/s/{token}")
    assert (page.status, page.kind) == (404, "text/html")


async def test_a_conversation_that_is_deleted_takes_its_links_and_their_pictures_along(
    sharer: Sharer, database_url: str
) -> None:
    conversation = await sharer.voter.begin()
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as owner:
        await owner.execute(
            "INSERT INTO share (id, token, conversation_id, turn_ids, left_out, names, language, created_at) "
            "VALUES (gen_random_uuid(), repeat('x', 43), %s, ARRAY[gen_random_uuid()], 0, true, 'en', now())",
            [conversation],
        )
        await owner.execute("INSERT INTO share_picture SELECT id, 'wide', sha256(''), '' FROM share")
        await owner.execute("DELETE FROM conversation WHERE id = %s", [conversation])
    assert [await count(sharer.arena, table) for table in ("share", "share_picture")] == [0, 0]


async def test_links_move_with_their_conversations_into_the_account_at_sign_in(database_url: str) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    async with running_arena(database_url, say=said.put_nowait) as arena:
        await arena.enter(*(arena.entry(slug, Scenario(text=text)) for slug, text in ANSWERS.items()))
        first, second = Sharer(arena, arena.voter()), Sharer(arena, arena.voter())
        tokens = []
        for sharer in (first, second):
            _, battle = await sharer.voted()
            tokens.append(await sharer.share(battle_id=battle))
            await sharer.voter.call("POST", "/sign-in/links", {"email": ANN})
            used = await use(sharer.voter, (await said.get()).rpartition("#")[2])
            assert used.status == 200
        assert [one["token"] for one in await second.shares()] == tokens[::-1]
        assert (await second.voter.call("DELETE", f"/shares/{tokens[0]}")).status == 204
