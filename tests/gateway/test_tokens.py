import pytest

from evenhand.gateway import tokens


def test_the_counts_are_those_of_the_named_tokenizer() -> None:
    assert tokens.TOKENIZER == "o200k_base"
    # Known: what tiktoken gives for o200k_base.
    assert tokens.count("") == 0
    assert tokens.count("hello world") == 2
    assert tokens.count("antidisestablishmentarianism") == 6
    assert tokens.count("<|endoftext|>") == 7  # words about the model, not the model's own mark


@pytest.mark.parametrize("character", ["a", " ", "\n", "=", "0", "的", "😀"])
def test_a_megabyte_of_one_character_is_counted(character: str) -> None:
    length = 1_000_000 // len(character.encode())
    assert 0 < tokens.count(character * length) <= 1_000_000


def test_the_head_of_a_text_ends_between_characters() -> None:
    text = "ꙮ𓀀🜁"  # three and four tokens a character
    total = tokens.count(text)
    assert [tokens.head(text, n) for n in (0, 2, 3, total - 1, total, total + 5)] == [
        "",
        "",
        "ꙮ",
        "ꙮ𓀀",
        text,
        text,
    ]
