from hypothesis import given
from hypothesis import strategies as st

from evenhand.core.text import clean


def test_nul_is_dropped_and_lone_surrogates_are_replaced() -> None:
    assert clean("a\0b\ud800c\udfff") == "ab\ufffdc\ufffd"


def test_two_halves_of_a_character_become_one() -> None:
    assert clean("\ud83d\ude00") == "😀"


def test_a_byte_order_mark_stays() -> None:
    assert clean("\ufeffa\ud800") == "\ufeffa\ufffd"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_stored_afterwards(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
