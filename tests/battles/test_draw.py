"""The draw: fair, replayable, never one contestant twice."""

import hashlib
import hmac
from collections import Counter
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.battles.draw import Ticket, draw, weights_digest

DAY = date(2026, 11, 25)
SEED = hashlib.sha256(b"a day").digest()


def contestants(count: int) -> list[UUID]:
    return [UUID(int=number + 1) for number in range(count)]


def ticket(counter: int, nonce: str = "") -> Ticket:
    return Ticket("text", DAY, counter, nonce, "digest")


def chi_square(observed: Counter[object], expected: dict[object, float]) -> float:
    return sum((observed[key] - wanted) ** 2 / wanted for key, wanted in expected.items())


@given(
    st.binary(min_size=32, max_size=32), st.lists(st.integers(1, 9), min_size=2, max_size=12), st.integers(1)
)
def test_a_contestant_never_meets_itself(seed: bytes, weights: list[int], counter: int) -> None:
    drawn = draw(seed, ticket(counter), contestants(len(weights)), weights)
    assert drawn.first != drawn.second
    assert 0 < drawn.probability <= 1


def test_the_same_ticket_and_seed_give_the_same_draw_and_another_nonce_another_one() -> None:
    eligible, weights = contestants(40), [1] * 40
    first = draw(SEED, ticket(7, "nonce"), eligible, weights)
    assert draw(SEED, ticket(7, "nonce"), eligible, weights) == first
    others = {draw(SEED, ticket(7, f"nonce {n}"), eligible, weights) for n in range(20)}
    assert len(others) > 15


def test_pairs_come_as_often_as_the_recorded_probability_says() -> None:
    eligible, weights, draws = contestants(5), [1, 1, 2, 3, 5], 20_000
    observed: Counter[object] = Counter()
    probability: dict[object, float] = {}
    for counter in range(draws):
        drawn = draw(SEED, ticket(counter), eligible, weights)
        pair = frozenset({drawn.first, drawn.second})
        observed[pair] += 1
        probability[pair] = drawn.probability
    assert sum(probability.values()) == pytest.approx(1)
    assert len(probability) == len(list(combinations(eligible, 2)))
    # 9 degrees of freedom: 99.9 % of fair draws stay below 27.9.
    assert chi_square(observed, {pair: p * draws for pair, p in probability.items()}) < 27.9


def test_each_contestant_stands_on_each_side_equally_often() -> None:
    eligible, draws = contestants(4), 8_000
    on_side_a: Counter[object] = Counter()
    seen: Counter[object] = Counter()
    for counter in range(draws):
        drawn = draw(SEED, ticket(counter), eligible, [1] * 4)
        on_side_a[drawn.second if drawn.swapped else drawn.first] += 1
        seen[drawn.first] += 1
        seen[drawn.second] += 1
    for contestant in eligible:
        share = on_side_a[contestant] / seen[contestant]
        assert abs(share - 0.5) < 0.03


def test_after_a_tie_either_side_goes_on_equally_often() -> None:
    sides = Counter(draw(SEED, ticket(n), contestants(3), [1] * 3).tie_side for n in range(4_000))
    assert abs(sides["a"] - 2_000) < 200


def test_a_redraw_keeps_one_and_draws_its_opponent_from_the_rest_by_weight() -> None:
    kept, eligible = UUID(int=99), contestants(3)
    drawn = [draw(SEED, ticket(n), eligible, [1, 1, 2], kept=kept) for n in range(8_000)]
    assert {one.first for one in drawn} == {kept}
    observed: Counter[object] = Counter(one.second for one in drawn)
    expected = dict(zip(eligible, [2_000.0, 2_000.0, 4_000.0], strict=True))
    assert chi_square(observed, expected) < 13.8  # 99.9 % at 2 degrees of freedom
    assert {one.probability for one in drawn} == {0.25, 0.5}


def test_anyone_can_replay_a_draw_from_the_documented_construction_alone() -> None:
    eligible, weights = contestants(3), [1, 1, 1]
    message = b"\n".join([b"evenhand-draw-1", b"text", b"2026-11-25", b"5", b"abc", b"digest"])
    bits = int.from_bytes(hmac.digest(SEED, message + b"\n0", hashlib.sha256), "big")
    position = 256

    def take(count: int) -> int:
        nonlocal position
        position -= count
        return (bits >> position) & ((1 << count) - 1)

    first = take(2)
    while first >= 3:
        first = take(2)
    rest = [index for index in range(3) if index != first]
    second = rest[take(1)]
    swapped, tie_b = take(1), take(1)
    drawn = draw(SEED, ticket(5, "abc"), eligible, weights)
    assert (drawn.first, drawn.second) == (eligible[first], eligible[second])
    assert (drawn.swapped, drawn.tie_side) == (bool(swapped), "b" if tie_b else "a")


def test_the_weights_digest_changes_with_any_weight_and_any_contestant() -> None:
    eligible = contestants(3)
    digests = {
        weights_digest(eligible, [1, 1, 1]),
        weights_digest(eligible, [1, 2, 1]),
        weights_digest(eligible[:2], [1, 1]),
        weights_digest([*eligible[:2], UUID(int=77)], [1, 1, 1]),
    }
    assert len(digests) == 4
