import threading

import pytest

from evenhand.ranking import blas, rank
from evenhand.ranking.blas import one_blas_thread
from tests.ranking.worlds import tournament


class FakeLibrary:
    """An OpenBLAS that counts nothing but its threads."""

    def __init__(self) -> None:
        self.threads = 4

    def get(self) -> int:
        return self.threads

    def set(self, threads: int) -> None:
        self.threads = threads


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    fake = FakeLibrary()
    monkeypatch.setattr(blas, "_switch", lambda: fake)
    return fake


def test_inside_there_is_one_thread_and_afterwards_as_many_as_before(library: FakeLibrary) -> None:
    with one_blas_thread():
        assert library.threads == 1
    assert library.threads == 4


def test_a_fault_inside_puts_the_threads_back_too(library: FakeLibrary) -> None:
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        raise ZeroDivisionError
    assert library.threads == 4


def test_the_last_of_several_at_once_puts_the_threads_back(library: FakeLibrary) -> None:
    first_is_in, second_is_in = threading.Event(), threading.Event()

    def first() -> None:
        with one_blas_thread():
            first_is_in.set()
            assert second_is_in.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert first_is_in.wait(10)
    with one_blas_thread():
        second_is_in.set()
        thread.join()
        assert library.threads == 1
    assert library.threads == 4


def test_ranking_goes_on_where_there_is_nothing_to_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas, "_switch", lambda: None)
    assert rank(tournament(("x", "y", 1, 0, 0))).rows[0].contestant == "x"


def test_ranking_runs_on_one_thread(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(library, "set", lambda threads: seen.append(threads))
    rank(tournament(("x", "y", 1, 0, 0)))
    assert seen == [1, 4]
