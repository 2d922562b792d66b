import asyncio
from collections.abc import Callable
from typing import Any, cast

from evenhand.gateway.watchdog import SECOND_LOOK, Watchdog


class _Loop:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[_Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], Any]) -> "_Timer":
        self.timers.append(_Timer(when, callback))
        return self.timers[-1]

    def move_to(self, now: float) -> None:
        self.now = now
        due = [timer for timer in self.timers if timer.when <= now and not timer.cancelled]
        self.timers = [timer for timer in self.timers if timer.when > now]
        for timer in due:
            timer.callback()


class _Timer:
    def __init__(self, when: float, callback: Callable[[], Any]) -> None:
        self.when = when
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


def watchdog() -> tuple[_Loop, Watchdog, list[float]]:
    loop = _Loop()
    expired: list[float] = []
    dog = Watchdog(cast("asyncio.AbstractEventLoop", loop), lambda: expired.append(loop.now))
    return loop, dog, expired


def test_a_wait_beyond_its_deadline_expires_after_a_second_look() -> None:
    loop, dog, expired = watchdog()
    dog.expect(10)
    loop.move_to(10)
    assert expired == []
    loop.move_to(10 + SECOND_LOOK)
    assert expired == [10 + SECOND_LOOK]


def test_what_came_while_the_process_was_held_up_counts() -> None:
    loop, dog, expired = watchdog()
    dog.expect(10)
    loop.move_to(50)  # its timers go off before it has looked at its connections
    dog.expect(60)
    loop.move_to(50 + SECOND_LOOK)
    assert expired == []
    loop.move_to(60)
    loop.move_to(60 + SECOND_LOOK)
    assert expired == [60 + SECOND_LOOK]


def test_a_deadline_that_moved_away_needs_no_new_timer_until_the_old_one_fires() -> None:
    loop, dog, expired = watchdog()
    for now in range(9):
        loop.move_to(now)
        dog.expect(now + 10)
    assert len(loop.timers) == 1
    loop.move_to(10)
    assert expired == []
    loop.move_to(18)
    loop.move_to(18 + SECOND_LOOK)
    assert expired == [18 + SECOND_LOOK]


def test_an_earlier_deadline_counts_at_once() -> None:
    loop, dog, expired = watchdog()
    dog.expect(100)
    dog.expect(5)
    loop.move_to(5)
    loop.move_to(5 + SECOND_LOOK)
    assert expired == [5 + SECOND_LOOK]


def test_an_expiry_that_nobody_heard_comes_again_until_the_stop() -> None:
    loop, dog, expired = watchdog()
    dog.expect(10)
    for looks in range(4):
        loop.move_to(10 + 2 * looks * SECOND_LOOK)
    assert len(expired) == 3
    dog.stop()
    loop.move_to(20)
    assert len(expired) == 3


def test_a_deadline_may_be_moved_away_without_a_word() -> None:
    loop, dog, expired = watchdog()
    dog.expect(10)
    dog.deadline = 15
    loop.move_to(10)
    loop.move_to(10 + SECOND_LOOK)
    assert expired == []
    loop.move_to(15)
    loop.move_to(15 + SECOND_LOOK)
    assert expired == [15 + SECOND_LOOK]


def test_nothing_expires_after_the_stop() -> None:
    loop, dog, expired = watchdog()
    dog.expect(10)
    dog.stop()
    loop.move_to(20)
    loop.move_to(30)
    assert expired == []


def test_nothing_expires_that_is_stopped_before_the_second_look() -> None:
    loop, dog, expired = watchdog()
    dog.expect(10)
    loop.move_to(10)
    dog.stop()
    loop.move_to(20)
    assert expired == []
