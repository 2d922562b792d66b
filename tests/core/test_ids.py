"""Ids sort by the order in which they were made, whatever clocks do."""

import time
from uuid import UUID

import pytest

from evenhand.core import ids

HOUR_NS = 3600 * 10**9


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """An id that was made before; since then this process began, with a clock that is an hour behind."""
    before = ids.new_id()
    earlier = time.time_ns() - HOUR_NS
    monkeypatch.setattr(ids, "_last", (0, 0))
    monkeypatch.setattr(ids.time, "time_ns", lambda: earlier)
    return before


def test_ids_of_a_clock_that_stands_still_sort_as_they_were_made(behind: UUID) -> None:
    made = [ids.new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {one.version for one in made} == {7}


def test_after_a_larger_id_was_overtaken_every_new_one_is_larger(behind: UUID) -> None:
    assert ids.new_id() < behind
    ids.overtake(behind)
    assert behind < ids.new_id() < ids.new_id()


def test_overtaking_a_smaller_id_changes_nothing(behind: UUID) -> None:
    first = ids.new_id()
    ids.overtake(behind)
    newest = ids.new_id()
    ids.overtake(first)
    assert newest < ids.new_id()
