"""Pacing: how fast somebody answers is not seen before the vote."""

from collections.abc import AsyncIterator
from unittest.mock import Mock

import numpy as np
import pytest
from sqlalchemy import text

from evenhand.arenas import load_arenas
from evenhand.battles.answers import Answer
from evenhand.battles.beginning import Job
from evenhand.battles.pacing import HEAD, MOST, Pace, Rhythm
from evenhand.contestants.call_limits import UNLIMITED
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.service import configure
from evenhand.core.ids import new_id
from evenhand.gateway import Delta, Finish, Message
from evenhand.storage.streams import Streams
from tests.support.arena import Arena, running_arena, settled, text_of
from tests.support.fake_provider import Scenario

JOB = Job(
    *(new_id() for _ in range(5)),
    number=1,
    side="a",
    configuration=configure(
        CatalogueEntry(
            slug="swift",
            name="Swift",
            endpoint=Endpoint(kind="openai", base_url="http://127.0.0.1:9/v1", model="swift"),
        ),
        load_arenas()["text"],
    ),
    messages=[Message("user", "Why?")],
    paced=True,
    account_id=new_id(),
    limits=UNLIMITED,
)
LONG = "The quick brown fox jumps over the lazy dog. " * 12


class Shown:
    """An answer whose characters come at given times; remembers how many each tick showed."""

    def __init__(self, arrivals: list[tuple[float, int]], called: float = 0.0) -> None:
        self.called = False
        self.held = 0
        self.over = not arrivals
        self.ticks: list[int] = []
        self._called = called
        self._arrivals = arrivals
        self._released = 0

    @property
    def waits(self) -> bool:
        return not self.called and not self.over

    def release(self, most: int | None = None) -> None:
        size = self.held if most is None else min(most, self.held)
        self.held -= size
        self._released += size

    def until(self, now: float) -> None:
        self.called = now >= self._called
        while self._arrivals and self._arrivals[0][0] <= now:
            self.held += self._arrivals.pop(0)[1]
        self.over = not self._arrivals

    def ticked(self) -> None:
        self.ticks.append(self._released)
        self._released = 0


def ticks_in(seconds: float) -> int:
    return round(seconds / Rhythm().tick)


def run(*answers: Shown, seconds: float) -> None:
    pace = Pace(Rhythm().hold)
    pace.answers += answers
    for number in range(ticks_in(seconds)):
        for answer in answers:
            answer.until(number * Rhythm().tick)
        pace.tick(number * Rhythm().tick)
        for answer in answers:
            answer.ticked()


def test_both_sides_start_together_once_both_have_their_first_words() -> None:
    early = Shown([(0.1, 500)])
    late = Shown([(1.01, 500)])
    run(early, late, seconds=2)
    assert early.ticks == late.ticks
    assert early.ticks.index(MOST) == ticks_in(1.01) + 1


def test_the_hold_ends_when_the_other_side_has_nothing_to_say_for_long() -> None:
    early = Shown([(0.0, 500)])
    silent = Shown([(1000.0, 1)])
    run(early, silent, seconds=4)
    assert early.ticks.index(MOST) == ticks_in(Rhythm().hold)


def test_the_hold_begins_when_neither_side_waits_for_its_endpoint_any_more() -> None:
    early = Shown([(0.0, 500)])
    queued = Shown([(1000.0, 1)], called=20.0)
    run(early, queued, seconds=25)
    assert early.ticks.index(MOST) == ticks_in(20.0 + Rhythm().hold)


def test_a_side_that_fails_while_it_waits_for_its_endpoint_does_not_hold_back_the_other() -> None:
    early = Shown([(0.0, 500)])
    run(early, Shown([], called=1000.0), seconds=5 * Rhythm().tick)
    assert early.ticks == [MOST] * 5


def test_a_failure_is_held_like_words_while_the_other_side_waits_for_its_endpoint() -> None:
    failed, queued = Shown([]), Shown([(1000.0, 1)], called=20.0)
    pace = Pace(Rhythm().hold)
    pace.answers += [failed, queued]
    queued.until(19.0)
    pace.tick(19.0)
    assert not pace.is_shown(failed)
    queued.until(20.0)
    pace.tick(20.0)
    assert pace.is_shown(failed)


def test_who_joins_late_and_waits_for_its_endpoint_does_not_hold_back_an_end() -> None:
    healthy, redrawn = Shown([(0.0, 500)]), Shown([(1000.0, 1)], called=20.0)
    pace = Pace(Rhythm().hold)
    pace.answers.append(healthy)
    healthy.until(0.0)
    pace.tick(0.0)
    pace.answers.append(redrawn)
    for number in range(1, ticks_in(1.5)):
        pace.tick(number * Rhythm().tick)
    assert pace.is_shown(healthy)


def test_an_answer_shorter_than_the_start_needs_does_not_hold_back_the_other() -> None:
    short = Shown([(0.0, 3)])
    other = Shown([(0.0, 500)])
    run(short, other, seconds=3 * Rhythm().tick)
    assert short.ticks == [3, 0, 0]
    assert other.ticks == [MOST] * 3


def test_a_tick_shows_no_more_than_the_rhythm_allows_and_in_the_end_all_is_shown() -> None:
    one = Shown([(0.0, 1000)])
    run(one, Shown([(0.0, 1000)]), seconds=3)
    assert max(one.ticks) == MOST
    assert sum(one.ticks) == 1000


def arrivals(chance: np.random.Generator, first: float, gap: float, size: int) -> list[tuple[float, int]]:
    """An answer of about 1,500 characters: its first word, then pieces of a size in gaps."""
    start = chance.normal(first, first / 5)
    gaps = chance.exponential(gap / 4, 1500 // size) + gap * 3 / 4
    return [(float(time), size) for time in start + np.cumsum(gaps)]


def accuracy(features: np.ndarray, labels: np.ndarray) -> float:
    """How often a linear classifier, trained on one half, is right on the other."""
    features = np.column_stack(
        [(features - features.mean(0)) / (features.std(0) + 1e-9), np.ones(len(labels))]
    )
    half = len(labels) // 2
    weights = np.linalg.lstsq(features[:half], labels[:half] * 2.0 - 1, rcond=None)[0]
    return float(np.mean((features[half:] @ weights > 0) == (labels[half:] == 1)))


@pytest.mark.parametrize(("paced", "bound"), [(True, 0.55), (False, 0.95)])
def test_a_classifier_cannot_tell_who_answers_from_times_and_sizes(paced: bool, bound: float) -> None:
    chance = np.random.default_rng(7)
    rows, labels = [], []
    for _ in range(1000):
        brisk = Shown(arrivals(chance, first=0.9, gap=0.008, size=5))  # 600 characters a second
        quick = Shown(arrivals(chance, first=0.2, gap=0.010, size=20))  # 2,000 characters a second
        if paced:
            run(brisk, quick, seconds=4)
        else:
            for answer in (brisk, quick):
                for number in range(ticks_in(4)):
                    answer.until(number * Rhythm().tick)
                    answer.release()
                    answer.ticked()
        for label, answer in enumerate((brisk, quick)):
            rows.append([*answer.ticks, np.argmax(np.array(answer.ticks) > 0)])
            labels.append(label)
    order = chance.permutation(len(labels))
    right = accuracy(np.array(rows, float)[order], np.array(labels)[order])
    assert right <= bound if paced else right >= bound, right


@pytest.fixture
async def paced(database_url: str) -> AsyncIterator[Arena]:
    async with running_arena(database_url) as arena:
        await arena.enter(arena.entry("swift", Scenario(text=LONG)), arena.entry("calm", Scenario(text=LONG)))
        yield arena


async def test_a_blind_battle_is_told_in_pieces_of_the_rhythm_and_whole(paced: Arena) -> None:
    voter = paced.voter()
    conversation = await voter.begin()
    async with voter.follow(conversation) as listener:
        await voter.ask(conversation)
        heard = await listener.until(settled)
    sizes = [len(event.data["text"]) for event in heard if event.kind == "delta"]
    assert max(sizes) == MOST
    assert text_of(heard, "a") == text_of(heard, "b") == LONG
    sides = [event.data["side"] for event in heard if event.kind == "delta"]
    assert sides[: 2 * HEAD // MOST].count("a") == HEAD // MOST


async def test_a_direct_chat_is_told_as_it_comes(paced: Arena) -> None:
    voter = paced.voter()
    conversation = await voter.begin("direct", "swift")
    async with voter.follow(conversation) as listener:
        await voter.ask(conversation)
        heard = await listener.until(settled)
    assert max(len(event.data["text"]) for event in heard if event.kind == "delta") != MOST


def test_what_is_stored_are_the_times_of_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 5.0, 5.2, 5.2, 5.35, 5.9])
    monkeypatch.setattr("evenhand.battles.answers.time.monotonic", lambda: next(clock))
    answer = Answer(JOB, Mock(Streams), paced=True)
    answer.begin()
    answer.take(Delta("text", "quick"))
    answer.take(Delta("text", " as can be"))
    answer.take(Finish("stop"))
    answer.end()
    answer.release()
    outcome = answer.done()
    assert (outcome.waited_ms, outcome.first_token_ms, outcome.duration_ms) == (5000, 200, 900)
    assert outcome.timeline == [(200, 5), (350, 15)]


async def test_the_timeline_is_kept_with_the_attempt(paced: Arena) -> None:
    await paced.voter().battle()
    async with paced.database.unit_of_work() as work:
        timelines = (await work.session.scalars(text("SELECT timeline FROM attempt"))).all()
    assert [timeline[-1][1] for timeline in timelines] == [len(LONG)] * 2
