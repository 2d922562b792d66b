"""Taking along what one has: one conversation, or all, as JSON and as Markdown, blind where it must be."""

import json
import os
import tracemalloc
from collections.abc import AsyncIterator
from urllib.parse import unquote

import pytest

from evenhand.accounts.belongings import File
from evenhand.belongings.archive import PIECE, zipped
from evenhand.consent.terms import load_terms
from evenhand.core.clock import now
from tests.belongings.acts import delete, downloaded, unpacked
from tests.support.arena import Arena, settled
from tests.support.fake_provider import Scenario
from tests.support.signing_in import ANN, Town

OURS = load_terms().version
WORDS = r"""The integral is $\int_0^1 x^2\,dx = \frac{1}{3}$, and

$$
\sum_{k=1}^{n} k = \frac{n(n+1)}{2}
$$

```python
if a < b and b > 0:
    print('<b>&amp;</b>')  # \n stays
```

| a | b |
|---|---|
| 1 | 2 |"""


async def test_markdown_keeps_formulas_and_code_sign_for_sign(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text=WORDS)), arena.entry("calm", Scenario(text=WORDS, reasoning="Hm."))
    )
    voter = arena.voter()
    chat, _ = await voter.battle(f"Is this right?\n\n{WORDS}")
    exported, headers = await downloaded(voter, f"/conversations/{chat}/export?format=markdown")
    assert exported.decode().count(WORDS) == 3
    assert "<details><summary>Reasoning</summary>\n\nHm.\n\n</details>" in exported.decode()
    assert headers["Content-Type"] == "text/markdown; charset=utf-8"
    exported, headers = await downloaded(voter, f"/conversations/{chat}/export")
    turn = json.loads(exported)["turns"][0]
    assert turn["parts"][0]["text"] == f"Is this right?\n\n{WORDS}"
    assert turn["responses"][0]["parts"][-1]["text"] == WORDS
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("form", ["json", "markdown"])
async def test_names_are_in_an_export_only_after_the_vote(arena: Arena, form: str) -> None:
    await arena.enter(arena.entry("swift", name="Swift 1"), arena.entry("calm", name="Calm 2"))
    voter = arena.voter()
    chat, asked = await voter.battle()
    await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": 5})
    for exported in (
        (await downloaded(voter, f"/conversations/{chat}/export?format={form}"))[0].decode(),
        *(await unpacked(voter, form)).values(),
    ):
        assert not any(name in exported for name in ("Swift 1", "Calm 2", "swift", "calm"))
    await voter.vote(asked["battle_id"])
    exported = (await downloaded(voter, f"/conversations/{chat}/export?format={form}"))[0].decode()
    assert "Swift 1" in exported
    assert "Calm 2" in exported


async def test_markdown_says_in_the_readers_language_what_follows_what_and_how_one_voted(
    timed: Arena,
) -> None:
    await timed.enter(
        timed.entry("swift", Scenario(text="Light.")), timed.entry("calm", Scenario(text="Air."))
    )
    voter = timed.voter()
    chat, first = await voter.battle("天空为什么是蓝色的？")
    await voter.vote(first["battle_id"], "both_bad")
    for parent in (first["id"], first["id"], None):
        await voter.ask(chat, "And at night?", parent_id=parent)
        await voter.hear(chat, settled)
    english, headers = await downloaded(voter, f"/conversations/{chat}/export?format=markdown")
    lines = english.decode().splitlines()
    assert lines[0] == "# 天空为什么是蓝色的？"
    assert [line for line in lines if line.startswith("## ")] == [f"## Question {n}" for n in (1, 2, 3, 4)]
    assert [line for line in lines if line.startswith("2026-11-25 12:00 UTC ·")] == [
        "2026-11-25 12:00 UTC · follows question 1",
        "2026-11-25 12:00 UTC · a new beginning",
    ]
    assert "**Vote: Both are bad**" in lines
    assert "2026-11-25 天空为什么是蓝色的" in unquote(headers["Content-Disposition"])
    chinese, _ = await downloaded(voter, f"/conversations/{chat}/export?format=markdown&language=zh")
    assert "**投票：都不好**" in chinese.decode()
    assert "## 问题 4" in chinese.decode()


async def test_an_export_has_everything_that_is_ones_own_and_nothing_else(town: Town) -> None:
    voter, other = town.voter(), town.voter()
    await other.battle("What is it that others ask?")
    one, asked = await voter.battle("One")
    await voter.battle("Two / and: a\\half?")
    gone, _ = await voter.battle("Three")
    await town.sign_in(voter)
    await voter.call("POST", "/folders", {"name": "Sky"})
    await voter.call("POST", "/prompts", {"name": "Mine", "text": "Explain {{what}}."})
    await other.call("POST", "/prompts", {"name": "Others", "text": "Explain."})
    await voter.vote(asked["battle_id"])
    shared = await voter.call("POST", "/shares", {"battle_id": asked["battle_id"], "names": True})
    await voter.call("PATCH", f"/conversations/{one}", {"archived": True})
    await delete(voter, f"/conversations/{gone}")
    for form, ending in (("json", "json"), ("markdown", "md")):
        files = await unpacked(voter, form)
        names = ("account", "consent", "folders", "prompts", "preferences", "links", "guesses")
        assert list(files)[:7] == [f"{name}.json" for name in names]
        first, second = list(files)[7:]
        assert first.startswith("conversations/2026-11-")
        assert first.endswith(f".{ending}")
        assert " Two and a half " in second
        assert "One" in files[first]
    account = json.loads(files["account.json"])
    assert [known["subject"] for known in account["identities"]] == [ANN]
    assert len(account["sessions"]) == 1
    assert json.loads(files["folders.json"])["items"][0]["name"] == "Sky"
    assert [prompt["text"] for prompt in json.loads(files["prompts.json"])["items"]] == ["Explain {{what}}."]
    [link] = json.loads(files["links.json"])["items"]
    assert link["url"] == f"/s/{shared.body['token']}"
    consent = json.loads(files["consent.json"])
    assert ([one["version"] for one in consent["agreements"]], consent["left_out_of_releases"]) == (
        [OURS],
        False,
    )
    assert "token" not in files["account.json"]


async def test_a_stranger_has_nothing_to_take_along(town: Town) -> None:
    assert (await town.voter().call("GET", "/export")).status == 404
    assert (await town.voter().call("GET", "/holdings")).body["chats"] == 0


async def test_ten_thousand_chats_are_never_in_memory_together() -> None:
    """A file is made when there is room for it, and what was sent is let go."""
    size, many = 40_000, 500
    made = sent = 0

    async def files() -> AsyncIterator[File]:
        nonlocal made
        for number in range(many):
            made += 1
            yield File(f"{number}.txt", os.urandom(size))

    tracemalloc.start()
    archive = zipped(files(), now())
    async for piece in archive:
        sent += len(piece)
        assert made * size - sent < 2 * PIECE + size
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == many
    assert peak < many * size / 10
