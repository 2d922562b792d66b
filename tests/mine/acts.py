"""What tests of one's own board do: vote for one of several, hold a vote, guess."""

from typing import Any

from tests.support.arena import Answered, Arena, Voter
from tests.support.fake_provider import Scenario


async def enter(arena: Arena, *slugs: str) -> None:
    """These compete, and answer with their slugs."""
    await arena.enter(*(arena.entry(slug, Scenario(text=slug)) for slug in slugs))


async def sides(voter: Voter, conversation: str) -> dict[str, str]:
    """Who answered on which side, by what they said."""
    turn = (await voter.read(conversation))["turns"][-1]
    return {one["parts"][0]["text"]: one["side"] for one in turn["responses"]}


async def vote_for(voter: Voter, slug: str) -> None:
    """A battle that one of the two wins; both are bad where that one is not in it."""
    conversation, asked = await voter.battle()
    of = await sides(voter, conversation)
    assert (await voter.vote(asked["battle_id"], of.get(slug, "both_bad"))).status == 200


async def hold(voter: Voter) -> tuple[str, dict[str, str]]:
    """A new battle whose vote is held: its id, and who is on which side."""
    conversation, asked = await voter.battle()
    held = await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": 5})
    assert held.status == 200, held
    return asked["battle_id"], {side: slug for slug, side in (await sides(voter, conversation)).items()}


async def guess(voter: Voter, battle: str, **named: Any) -> Answered:
    return await voter.call("POST", f"/battles/{battle}/guess", named)


async def my_board(voter: Voter) -> dict[str, Any]:
    answered = await voter.call("GET", "/boards/text/mine")
    assert answered.status == 200, answered
    return answered.body
