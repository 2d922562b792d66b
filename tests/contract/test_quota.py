"""What a quota says before the vote is the same whoever answers."""

import pytest

from evenhand.battles import quota
from evenhand.contestants.configurations import Configuration
from evenhand.gateway import prompt_tokens
from evenhand.gateway.tokens import count
from tests.support.arena import Arena, Voter, running_arena, settled
from tests.support.billing import ANSWER, FREE, HIGH, LOW, billing

LIMITS = {
    f"guest_{one}_tokens_per_day": limit for one, limit in (("free", 900), ("low", 90_000), ("high", 80_000))
}
MOST = 60
"""How many battles are tried until all three pairs have met."""


async def enter(arena: Arena) -> None:
    """Three that say the same, of three classes of price, whose providers bill differently for it."""
    await arena.enter(
        billing(arena, "gift", FREE, 40),
        billing(arena, "cheap", LOW, 7_000, max_output=100),
        billing(arena, "dear", HIGH, 900_000),
    )


async def said_to(voter: Voter) -> str:
    return repr((await voter.call("GET", "/me")).body["quotas"])


async def what_is_said(arena: Arena) -> tuple[set[str], int]:
    """Everything that was said of quotas around a battle without a vote, and how many pairs had met."""
    said = set()
    pairs = set()
    for _ in range(MOST):
        voter = arena.voter()
        before = await said_to(voter)
        conversation = await voter.begin()
        asked = await voter.ask(conversation)
        running = await said_to(voter)
        await voter.hear(conversation, settled)
        said.add(await said_to(voter))
        assert running in {before, *said}
        reveal = (await voter.vote(asked["battle_id"])).body["reveal"]
        pairs.add(frozenset((reveal["a"]["slug"], reveal["b"]["slug"])))
        if len(pairs) == 3:
            break
    return said, len(pairs)


async def test_before_the_vote_a_quota_says_the_same_whoever_answers(database_url: str) -> None:
    async with running_arena(database_url, daily_budget_usd=1e9, **LIMITS) as arena:
        await enter(arena)
        said, pairs = await what_is_said(arena)
        assert pairs == 3
        assert len(said) == 1


async def test_a_question_is_refused_after_as_many_battles_whoever_answers(database_url: str) -> None:
    one_battle = 2 * (prompt_tokens(["Why?"]) + count(ANSWER))
    limits = LIMITS | {"guest_high_tokens_per_day": one_battle + 1}
    async with running_arena(database_url, daily_budget_usd=1e9, **limits) as arena:
        await enter(arena)
        for _ in range(8):
            voter = arena.voter()
            conversations = [await voter.begin() for _ in range(3)]
            codes = []
            for one in conversations:
                body = {"parts": [{"type": "text", "text": "Why?"}]}
                asked = await voter.call("POST", f"/conversations/{one}/turns", body)
                codes.append(asked.body.get("code"))
                if asked.status == 202:
                    await voter.hear(one, settled)
            assert codes == [None, None, "quota_reached"]


def _as_billed(patch: pytest.MonkeyPatch) -> None:
    for statement in (quota._uses, quota._reading):
        assert "battle.mode = 'battle'" in statement.text
        patch.setattr(statement, "text", statement.text.replace("battle.mode = 'battle'", "'as' = 'billed'"))


def _in_the_class_of_its_pair(patch: pytest.MonkeyPatch) -> None:
    honest = quota.count

    def telling(read, sides, path, battle, sampling, settings):  # type: ignore[no-untyped-def]
        prices = (one.configuration.price for one in sides.values())
        dearest = quota.dearest_class(prices, settings.high_price_usd)
        return honest(read, sides, path, battle, sampling, settings)._replace(price_class=dearest)

    patch.setattr("evenhand.battles.turns.count", telling)


def _with_the_models_own_limits_while_it_runs(patch: pytest.MonkeyPatch) -> None:
    honest = quota.count

    def telling(read, sides, path, battle, sampling, settings):  # type: ignore[no-untyped-def]
        own = [one.configuration.answer_limit for one in sides.values()]
        return honest(read, sides, path, battle, sampling, settings)._replace(sent=sum(own))

    assert isinstance(Configuration.answer_limit, property)
    patch.setattr("evenhand.battles.turns.count", telling)


@pytest.mark.parametrize(
    "plant", [_as_billed, _in_the_class_of_its_pair, _with_the_models_own_limits_while_it_runs]
)
async def test_a_quota_that_tells_is_found(
    database_url: str, monkeypatch: pytest.MonkeyPatch, plant: object
) -> None:
    plant(monkeypatch)  # type: ignore[operator]
    async with running_arena(database_url, daily_budget_usd=1e9, **LIMITS) as arena:
        await enter(arena)
        said, _ = await what_is_said(arena)
        assert len(said) > 1
