"""Pictures: of the right size, with Chinese in them, of nothing but what is to be seen."""

import asyncio
import io
import struct
import threading
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops

from evenhand.sharing import drawing, pictures
from evenhand.sharing.cards import Card, CardSide, card_of
from evenhand.sharing.drawing import draw
from evenhand.sharing.faces import Typeface
from evenhand.sharing.lines import in_lines
from evenhand.sharing.schemas import Shape
from evenhand.sharing.shares import open_share
from tests.history.acts import count
from tests.sharing.acts import Sharer, fetch


def card(
    text: str = "It is.", *, question: str = "Why?", name: str | None = None, outcome: str = "Tie"
) -> Card:
    sides = tuple(CardSide(side, name, text, chosen=False) for side in ("a", "b"))
    return Card("Evenhand", "Blind battle", question, sides, outcome)


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The pieces of a PNG: their kinds and contents."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def differ(one: bytes, other: bytes) -> bool:
    images = [Image.open(io.BytesIO(png)).convert("RGB") for png in (one, other)]
    return ImageChops.difference(*images).getbbox() is not None


@pytest.mark.parametrize(("shape", "size"), [("wide", (1200, 630)), ("square", (1080, 1080))])
async def test_a_link_has_a_picture_in_both_shapes_that_nobody_should_list(
    sharer: Sharer, shape: Shape, size: tuple[int, int]
) -> None:
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    got = await fetch(sharer.arena, f"/api/v1/shares/{token}/picture.png?shape={shape}")
    assert (got.status, got.kind) == (200, "image/png")
    assert Image.open(io.BytesIO(got.body)).size == size
    assert got.headers["x-robots-tag"].startswith("noindex")
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_a_picture_is_drawn_once_and_kept_with_its_link(
    sharer: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Shape] = []

    def counted(card: Card, shape: Shape) -> bytes:
        drawn.append(shape)
        return draw(card, shape)

    monkeypatch.setattr(drawing, "draw", counted)
    _, battle = await sharer.voted()
    path = f"/api/v1/shares/{await sharer.share(battle_id=battle)}/picture.png"
    assert (await fetch(sharer.arena, path)).body == (await fetch(sharer.arena, path)).body
    assert drawn == ["wide"]
    assert await count(sharer.arena, "share_picture") == 1


async def test_a_link_that_is_revoked_while_its_picture_is_drawn_gives_none_and_keeps_none(
    sharer: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def waiting(card: Card, shape: Shape) -> bytes:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(20)
        return draw(card, shape)

    monkeypatch.setattr(drawing, "draw", waiting)
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    asking = asyncio.create_task(fetch(sharer.arena, f"/api/v1/shares/{token}/picture.png"))
    await begun.wait()
    await sharer.voter.call("DELETE", f"/shares/{token}")
    go_on.set()
    assert (await asking).status == 404
    assert await count(sharer.arena, "share_picture") == 0


async def test_a_card_of_ones_own_battle_needs_no_link_and_leaves_nothing_behind(sharer: Sharer) -> None:
    _, battle = await sharer.voted()
    path = f"/api/v1/battles/{battle}/card.png?names=true&shape=square&language=zh"
    async with sharer.voter.http.get(sharer.arena.base_url + path) as answered:
        assert (answered.status, answered.content_type) == (200, "image/png")
        assert Image.open(io.BytesIO(await answered.read())).size == (1080, 1080)
    assert [await count(sharer.arena, table) for table in ("share", "share_picture")] == [0, 0]
    assert (await fetch(sharer.arena, path)).status == 404


async def test_only_so_many_pictures_wait_to_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(drawing, "draw", lambda card, shape: b"drawn" if go_on.wait(20) else b"")
    monkeypatch.setattr(pictures, "MOST_WAITING", 2)
    painter = pictures.Painter()
    asked = [asyncio.create_task(painter.draw(card(), "wide")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(pictures.Unavailable, match="Too many pictures"):
        await painter.draw(card(), "wide")
    go_on.set()
    assert await asyncio.gather(*asked) == [b"drawn", b"drawn"]


def test_a_picture_has_nothing_in_it_but_what_is_to_be_seen() -> None:
    found = {kind for kind, _ in chunks(draw(card("Hidden <words>"), "wide"))}
    assert found == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_a_pictures_bytes_do_not_follow_from_what_it_does_not_show() -> None:
    data = draw(card(), "wide")
    assert data == draw(card(), "wide")
    pixels = zlib.decompress(b"".join(content for kind, content in chunks(data) if kind == b"IDAT"))
    assert len(pixels) == 630 * 1201


@pytest.mark.parametrize(
    "text", ["天空为什么是蓝色的？", "なぜ空は青い", "왜 하늘은", "Почему", "Γιατί", "😀☃", "सत्य"]
)
def test_signs_of_other_languages_are_drawn_and_not_boxes(text: str) -> None:
    face = Typeface(40)
    box = Typeface(40)
    [(font, missing)] = box.runs("\U0010fffe")
    for runs_font, piece in face.runs(text):
        for character in piece:
            assert bytes(runs_font.getmask(character)) != bytes(font.getmask(missing)), character


def test_a_chinese_question_and_an_outcome_change_the_picture() -> None:
    plain = draw(card(question="天空为什么是蓝色的？"), "wide")
    assert differ(plain, draw(card(question="月亮为什么会发光呢？"), "wide"))
    assert differ(plain, draw(card(question="天空为什么是蓝色的？", outcome="不相上下"), "wide"))
    assert differ(plain, draw(card(question="天空为什么是蓝色的？", name="Swift 1"), "wide"))


@pytest.mark.parametrize("shape", ["wide", "square"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u202e\u2066 reversed \u0000 \ufeff",
        "word " * 5000,
        "x" * 5000,
        "字" * 5000,
        "\n" * 500,
        "e" + "\u0301" * 3000,
        "👩‍👩‍👧‍👦" * 400,
        "<svg onload=alert(1)>",
        "\U000e0001\U0010fffe\ud7a4",
    ],
    ids=range(10),
)
def test_nothing_that_is_written_keeps_a_picture_from_being_drawn(text: str, shape: Shape) -> None:
    png = draw(card(text[:1500], question=text[:1500], name=text[:300] or None, outcome=text[:300]), shape)
    assert Image.open(io.BytesIO(png)).size[0] in (1200, 1080)


def letters(text: str) -> float:
    return len(text)


def test_lines_break_at_spaces_and_between_signs_and_end_where_more_would_follow() -> None:
    assert in_lines("one two three", 7, 5, letters) == ["one two", "three"]
    assert in_lines("天空为什么是蓝色的？", 5, 5, letters) == ["天空为什么", "是蓝色的？"]
    assert in_lines("one two three four", 7, 2, letters) == ["one two", "three…"]
    assert in_lines("abcdefghij", 4, 5, letters) == ["abcd", "efgh", "ij"]
    assert in_lines("a\n\nb", 4, 5, letters) == ["a", "b"]
    assert in_lines("", 4, 5, letters) == []


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    assert in_lines("天空为什么，蓝", 5, 5, letters) == ["天空为什么，", "蓝"]
    assert in_lines("天空为什（蓝）", 5, 5, letters) == ["天空为什", "（蓝）"]


async def test_markdown_loses_its_marks_on_a_card(sharer: Sharer) -> None:
    _, battle = await sharer.voted(
        "## Is **this** [a link](https://example.org) or `code`?\n```py\nx = 1\n```"
    )
    token = await sharer.share(battle_id=battle)
    async with sharer.arena.database.unit_of_work() as work:
        found = await open_share(work.session, token)
    assert found is not None
    assert card_of(found[1], "Evenhand").question == "Is this a link or code?\n\nx = 1"
