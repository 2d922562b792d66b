"""Prompts worth asking: six a day, the same for everybody, other ones tomorrow."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from evenhand.arenas.suggestions import A_DAY, load_suggestions, of_the_day
from evenhand.core.errors import StartError
from tests.support.arena import Arena, running_arena
from tests.support.watch import Watch

DAY = date(2026, 11, 29)
LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_arena_has_sixty_prompts_and_more_in_each_language(language: str) -> None:
    for languages in load_suggestions(None, ["text"]).values():
        prompts = [prompt for kind in languages[language].values() for prompt in kind]
        assert len(set(prompts)) == len(prompts) >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_has_one_of_every_kind_and_none_comes_again_before_all_were_there(language: str) -> None:
    kinds = load_suggestions(None, ["text"])["text"][language]
    assert len(kinds) == A_DAY
    days = min(map(len, kinds.values()))
    shown = [of_the_day(kinds, DAY + timedelta(days=number)) for number in range(days)]
    for chosen in shown:
        assert [prompt in kind for prompt, kind in zip(chosen, kinds.values(), strict=True)] == [True] * A_DAY
    assert len({prompt for chosen in shown for prompt in chosen}) == A_DAY * days


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"all": [f"{number}" for number in range(12)]}, 6),
        ({"one": ["a", "b", "c", "d"], "two": ["e", "f", "g", "h", "i"]}, 6),
        ({"few": ["a", "b"]}, 2),
    ],
)
def test_of_other_kinds_or_few_prompts_as_many_are_shown_as_there_are(
    kinds: dict[str, list[str]], expected: int
) -> None:
    chosen = of_the_day(kinds, DAY)
    assert len(set(chosen)) == len(chosen) == expected
    if expected == A_DAY and len(kinds) == 1:
        assert set(chosen).isdisjoint(of_the_day(kinds, DAY + timedelta(days=1)))


async def test_everybody_is_shown_the_same_all_day_and_others_after_midnight_utc(
    timed: Arena, watch: Watch
) -> None:
    async def shown(language: str = "en") -> list[str]:
        answered = await timed.voter().call("GET", f"/arenas/text/suggestions?language={language}")
        assert answered.status == 200, answered
        assert answered.body["day"] == watch().date().isoformat()
        return list(answered.body["prompts"])

    today, chinese = await shown(), await shown("zh")
    assert len(today) == len(chinese) == A_DAY
    assert await shown() == today
    assert set(today).isdisjoint(chinese)
    watch.time += timedelta(days=1)
    assert set(await shown()).isdisjoint(today)


async def test_the_operators_file_takes_the_place_of_what_comes_along(
    database_url: str, tmp_path: Path
) -> None:
    own = tmp_path / "suggestions.yaml"
    own.write_text("text:\n  zh:\n    ours: [今天吃什么？, 明天呢？]\n", "utf-8")
    async with running_arena(database_url, suggestions=own) as arena:
        answered = await arena.voter().call("GET", "/arenas/text/suggestions?language=en")
        assert answered.body["language"] == "zh"
        assert sorted(answered.body["prompts"]) == ["今天吃什么？", "明天呢？"]
        assert (await arena.voter().call("GET", "/arenas/chess/suggestions")).status == 404


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("chess: {en: {a: [Why?]}}", 'there is no arena "chess"; there is text.'),
        ("text: {fr: {a: [Pourquoi ?]}}", "text.fr"),
        ("text: {en: {a: []}}", "text.en.a must not be empty."),
        ("text: {en: {a: [7]}}", "text.en.a.0 must be text, not 7"),
        ("text: [", "is not a YAML file in UTF-8."),
        ("", "it must be"),
    ],
)
def test_a_mistake_in_the_operators_file_is_said_in_one_sentence(
    tmp_path: Path, written: str, said: str
) -> None:
    own = tmp_path / "suggestions.yaml"
    own.write_text(written, "utf-8")
    with pytest.raises(StartError, match=r"^\S+suggestions.yaml: .+\.$") as caught:
        load_suggestions(own, ["text"])
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="there is no such file"):
        load_suggestions(tmp_path / "none.yaml", ["text"])
