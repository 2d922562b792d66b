"""What a contestant is sent: its own answers within a battle, the one that went on from earlier ones."""

from uuid import UUID

from evenhand.battles.context import Step, messages
from evenhand.battles.states import Side
from evenhand.gateway import Message

FIRST, SECOND = UUID(int=1), UUID(int=2)


def step(
    battle: UUID, question: str, a: str = "", b: str = "", *, carried: Side | None = None, blind: bool = True
) -> Step:
    return Step(battle, blind, carried, question, {"a": a, "b": b})


def test_within_a_battle_each_side_goes_on_from_its_own_answer() -> None:
    path = [step(FIRST, "One?", "a says", "b says"), step(FIRST, "Two?")]
    assert messages(path, FIRST, "a") == [
        Message("user", "One?"),
        Message("assistant", "a says"),
        Message("user", "Two?"),
    ]
    assert messages(path, FIRST, "b")[1] == Message("assistant", "b says")


def test_from_an_earlier_battle_both_sides_get_the_answer_that_went_on() -> None:
    path = [step(FIRST, "One?", "a says", "b says", carried="b"), step(SECOND, "Two?")]
    for side in ("a", "b"):
        assert messages(path, SECOND, side)[1] == Message("assistant", "b says")


def test_a_turn_whose_answers_were_both_bad_is_left_out_whole() -> None:
    path = [step(FIRST, "One?", "a says", "b says"), step(SECOND, "Two?")]
    assert messages(path, SECOND, "a") == [Message("user", "Two?")]


def test_a_turn_that_a_side_did_not_answer_is_left_out_for_that_side_alone() -> None:
    path = [step(FIRST, "One?", "", "b says"), step(FIRST, "Two?")]
    assert messages(path, FIRST, "a") == [Message("user", "Two?")]
    assert len(messages(path, FIRST, "b")) == 3


def test_sides_that_are_known_by_name_keep_their_own_answers_across_battles() -> None:
    path = [step(FIRST, "One?", "a says", "b says", carried="b", blind=False), step(SECOND, "Two?")]
    assert messages(path, SECOND, "a")[1] == Message("assistant", "a says")
