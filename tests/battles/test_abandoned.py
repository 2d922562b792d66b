"""A battle that nobody comes back to is recorded as abandoned; one that somebody does is not."""

from datetime import timedelta

from evenhand.battles.abandoned import AFTER, Abandoned
from tests.support.arena import Arena, Voter, settled
from tests.support.watch import Watch

SOON = AFTER - timedelta(hours=1)


async def status_of(arena: Arena, watch: Watch, voter: Voter, conversation: str) -> str:
    """Where the newest battle stands after a look for abandoned ones."""
    await Abandoned(arena.database, arena.app.state.streams, watch).record()
    return str((await voter.read(conversation))["battles"][-1]["status"])


async def test_a_week_without_a_vote_ends_a_battle_and_its_reader_is_told(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    async with voter.follow(conversation) as listener:
        await listener.until(settled)
        watch.time += SOON
        assert await status_of(timed, watch, voter, conversation) == "ready"
        watch.time += timedelta(hours=2)
        assert await status_of(timed, watch, voter, conversation) == "abandoned"
        heard = await listener.until(lambda event: event.kind == "battle")
    assert heard[-1].data["status"] == "abandoned"
    refused = await voter.vote(asked["battle_id"])
    assert (refused.status, refused.body["code"]) == (409, "battle_not_ready")
    assert (await voter.ask(conversation, "And now?"))["battle_id"] != asked["battle_id"]


async def test_a_further_question_and_a_held_vote_keep_it(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    watch.time += SOON
    assert (await voter.ask(conversation, "And?"))["battle_id"] == asked["battle_id"]
    await voter.hear(conversation, settled)
    watch.time += SOON
    assert await status_of(timed, watch, voter, conversation) == "ready"
    body = {"choice": "a", "hold": 10}
    assert (await voter.call("POST", f"/battles/{asked['battle_id']}/vote", body)).status == 200
    watch.time += timedelta(hours=2)
    assert await status_of(timed, watch, voter, conversation) in ("ready", "revealed")
    assert (await voter.read(conversation))["battles"][-1]["vote"]["choice"] == "a"
