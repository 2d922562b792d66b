"""What a text is found by, language by language."""

import unicodedata

import pytest

from evenhand.history.snippets import pattern, snippet
from evenhand.history.words import LONGEST_WORD, MOST_BYTES, entries, fold, letters, terms, words
from tests.support.ids import SOMEBODY


def finds(query: str, text: str) -> bool:
    """Whether an index that has just this text would find it."""
    has = words([text])
    return all(
        any(word.startswith(term.needs) for word in has) if term.begins else set(term.needs) <= has
        for term in terms(query)
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("月", "月亮为什么会发光"),
        ("月亮", "月亮为什么会发光"),
        ("么会", "月亮为什么会发光"),
        ("月亮为什么", "月亮为什么会发光"),
        ("ABC", "写作ＡＢＣ，读作甲乙丙"),
        ("甲乙", "写作ＡＢＣ，读作甲乙丙"),
        ("读", "AB读"),
        ("n", "Lighthouses at night"),
        ("lighth", "Lighthouses at night"),
        ("NIGHT light", "Lighthouses at night"),
        ("strasse", "Die Straße"),
        ("cafe", "Un café, s'il vous plaît"),
        ("café", "Un cafe\u0301"),
        ("Ёлка", "елка"),
        ("тяготение", "Всемирное Тяготение"),
        ("σίσυφος", "ΣΙΣΥΦΟΣ"),
        ("ばか", "それはばかだ"),
        ("ソーカ", "ｿｰｶﾚ"),
        ("ガギ", "ｶﾞｷﾞｸﾞ"),
        ("パン", "ﾊﾟﾝを食べる"),
        ("ｶﾞｷﾞ", "ガギグ"),
        ("がぎ", "か\u3099き\u3099く\u3099"),
        ("학교", "학교에서"),
        ("학교", unicodedata.normalize("NFD", "학교에서")),
        (unicodedata.normalize("NFD", "학교"), "학교에서"),
        ("việt", unicodedata.normalize("NFD", "Tiếng Việt")),
        ("교", "학교에서"),
        ("भाषा", "हिन्दी भाषा"),
        ("ภาษา", "ภาษาไทย"),
        ("سلام", "سَلَام عليكم"),
        ("שלום", "שָׁלוֹם"),
        ("foo bar", "def foo_bar(): pass"),
        ("😀", "fine 😀 thanks"),
    ],
)
def test_a_text_is_found_by(query: str, text: str) -> None:
    assert terms(query)
    assert finds(query, text)
    assert snippet(text, pattern(terms(query)))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("亮月", "月亮为什么会发光"),
        ("house", "a lighthouse"),
        ("o", "a lighthouse"),
        ("月光", "月亮发光"),
        ("か", "がぎぐ"),
        ("か", "か\u3099き\u3099く\u3099"),
        ("カ", "ｶﾞｷﾞｸﾞ"),
    ],
)
def test_a_text_is_not_found_by(query: str, text: str) -> None:
    assert not finds(query, text)


def test_nothing_can_be_looked_for_in_a_query_of_signs_between_words() -> None:
    assert terms(" ?! … ，。 ") == []


@pytest.mark.parametrize("text", ["x" * 10_000, "字" * 10_000, " ".join(map(str, range(200_000)))])
def test_what_a_text_is_found_by_stays_within_what_the_database_takes(text: str) -> None:
    account, *kept = entries(SOMEBODY, words([text]))
    assert SOMEBODY.hex in account
    assert sum(len(one.encode()) for one in kept) <= MOST_BYTES
    assert max(map(len, kept)) <= 1 + LONGEST_WORD


def pieces(text: str, query: str) -> str:
    """A snippet with its matches in brackets."""
    found = snippet(text, pattern(terms(query)))
    assert found is not None
    return "".join(f"[{one.text}]" if one.match else one.text for one in found)


def test_a_snippet_marks_what_was_looked_for_as_it_is_written() -> None:
    assert pieces("Der Weg zur STRASSE und zur Straße", "straße") == "Der Weg zur [STRASSE] und zur [Straße]"
    assert pieces("……月亮，月亮！", "月亮") == "……[月亮]，[月亮]！"
    assert pieces("A lighthouse is a house", "house") == "A lighthouse is a [house]"
    assert pieces("ﬁne ﬁsh", "fi") == "[ﬁ]ne [ﬁ]sh"


@pytest.mark.parametrize(
    ("before", "query", "shown"),
    [
        ("", "학교", "학교"),
        ("東京の", "がぎ", "か\u3099き\u3099"),
        ("ﾊﾟﾝ、", "ガギ", "ｶﾞｷﾞ"),
        ("e\u0301e\u0301 ﬃ ", "cafe", "cafe\u0301"),
        ("हिन्दी ", "भाषा", "भाषा"),
    ],
)
def test_a_snippet_marks_what_is_written_as_several_characters_whole(
    before: str, query: str, shown: str
) -> None:
    shown = unicodedata.normalize("NFD", shown) if query == "학교" else shown
    assert pieces(f"{before}{shown} …", query) == f"{before}[{shown}] …"
    long = before * 300 + shown
    assert f"[{shown}]" in pieces(long + " ", query)


def test_a_letter_folds_alone_as_it_does_in_the_text() -> None:
    for text in ("ｶﾞｷﾞｸﾞ", unicodedata.normalize("NFD", "학교, Việt, ガギ"), "ㄱㅏㅋㅋ ﬃ é हिन्दी", ""):
        assert "".join(map(fold, letters(text))) == fold(text)
        assert "".join(letters(text)) == text


def test_a_snippet_shows_a_little_around_the_first_match_on_one_line() -> None:
    text = "one two three\n" * 50 + "and then the needle\nlies there. " + "four five six " * 50
    shown = pieces(text, "needle")
    assert shown.startswith("…")
    assert "and then the [needle] lies there. four" in shown
    assert shown.endswith("…")
    assert len(shown) < 200


def test_signs_that_stand_apart_are_marked_in_pairs() -> None:
    assert pieces("京大、北京、大学", "北京大学") == "[京大]、[北京]、[大学]"
