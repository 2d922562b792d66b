"""What other sites read of a shared page, and that nothing which is written becomes a part of it."""

import re
from html.parser import HTMLParser

import pytest

from tests.sharing.acts import Sharer, fetch
from tests.support.arena import running_arena
from tests.support.fake_provider import Scenario

HOSTILE = (
    '"><script>alert(1)</script>',
    "</title><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "\\g<0> \\1 {0} %s",
    "&lt;b&gt; &amp;quot;",
)


class Head(HTMLParser):
    """The elements of a page, its title, and what its meta elements say by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.title = ""
        self.said: dict[str, str] = {}
        self.elements: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        known = dict(attrs)
        name = known.get("property") or known.get("name")
        if tag == "meta" and name:
            assert name not in self.said, f"{name} is said twice"
            self.said[name] = known["content"] or ""

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1] == "title" and not self.title:
            self.title = data


async def test_a_shared_page_says_what_it_shows_with_its_picture(sharer: Sharer) -> None:
    _, battle = await sharer.voted("Why is the sky blue?")
    token = await sharer.share(battle_id=battle)
    page = await fetch(sharer.arena, f"/s/{token}")
    assert (page.status, page.kind) == (200, "text/html")
    head = Head(page.text)
    base = sharer.arena.base_url
    assert head.title == "Why is the sky blue? · Evenhand"
    assert head.said["og:title"] == "Why is the sky blue?"
    assert head.said["og:url"] == f"{base}/s/{token}"
    assert head.said["og:image"] == f"{base}/api/v1/shares/{token}/picture.png?shape=wide"
    assert (head.said["og:image:width"], head.said["og:image:height"]) == ("1200", "630")
    assert head.said["twitter:card"] == "summary_large_image"
    assert re.fullmatch(r"(\w+ 7) and (\w+ 7) · (\1|\2) is better", head.said["og:description"])
    assert head.said["description"] == head.said["og:description"]
    assert (await fetch(sharer.arena, head.said["og:image"].removeprefix(base))).status == 200


async def test_no_search_engine_lists_a_shared_page_and_no_site_learns_its_address(sharer: Sharer) -> None:
    _, battle = await sharer.voted()
    token = await sharer.share(battle_id=battle)
    for path in (f"/s/{token}", f"/api/v1/shares/{token}"):
        got = await fetch(sharer.arena, path)
        assert got.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert got.headers["cache-control"] == "no-store"
        assert "script-src 'self'" in got.headers["content-security-policy"]
    said = Head((await fetch(sharer.arena, f"/s/{token}")).text).said
    assert (said["robots"], said["referrer"]) == ("noindex, nofollow, noarchive", "no-referrer")


async def test_a_chinese_link_speaks_chinese(sharer: Sharer) -> None:
    _, battle = await sharer.voted("天空为什么是蓝色的？", "tie")
    token = await sharer.share(battle_id=battle, names=False, language="zh")
    head = Head((await fetch(sharer.arena, f"/s/{token}")).text)
    assert head.title == "天空为什么是蓝色的？ · 举手"
    assert head.said["og:description"] == "两个模型，同一问题 · 不相上下"
    assert head.said["og:locale"] == "zh_CN"


@pytest.mark.parametrize("question", HOSTILE)
async def test_what_somebody_writes_stays_text(sharer: Sharer, question: str) -> None:
    _, battle = await sharer.voted(question)
    token = await sharer.share(battle_id=battle)
    plain = Head((await fetch(sharer.arena, "/")).text)
    head = Head((await fetch(sharer.arena, f"/s/{token}")).text)
    assert head.said["og:title"] == " ".join(question.split())
    assert head.title == f"{question} · Evenhand"
    assert [tag for tag in head.elements if tag != "meta"] == [tag for tag in plain.elements if tag != "meta"]
    assert (await fetch(sharer.arena, f"/api/v1/shares/{token}/picture.png")).status == 200


async def test_names_of_contestants_and_of_the_arena_stay_text_too(database_url: str) -> None:
    async with running_arena(database_url, name=HOSTILE[0]) as arena:
        await arena.enter(
            arena.entry("swift", Scenario(text="Yes."), name=HOSTILE[1]),
            arena.entry("calm", Scenario(text="No."), name=HOSTILE[2]),
        )
        sharer = Sharer(arena, arena.voter())
        _, battle = await sharer.voted()
        head = Head((await fetch(arena, f"/s/{await sharer.share(battle_id=battle)}")).text)
        assert head.said["og:site_name"] == HOSTILE[0]
        assert HOSTILE[1] in head.said["og:description"]
        assert "img" not in head.elements


async def test_a_page_of_no_link_is_the_page_that_says_so_and_tells_nothing(sharer: Sharer) -> None:
    page = await fetch(sharer.arena, f"/s/{'x' * 43}")
    assert page.status == 404
    assert "og:title" not in Head(page.text).said
    assert '<div id="root">' in page.text
