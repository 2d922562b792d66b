"""A link in a mail signs its owner in, once, soon, in the browser in which they press the button."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.arena import Arena, Voter, running_arena
from tests.support.fake_mail import FakeMail
from tests.support.signing_in import ANN, BOB, Town, chats, link_in, look, me, use
from tests.support.watch import Watch

STRANGER = ("stranger", None)


async def count(arena: Arena, table: str) -> int:
    async with arena.database.unit_of_work() as work:
        return int(await work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def test_a_link_signs_in_whoever_it_was_sent_to_and_says_where_to_go_on(town: Town) -> None:
    voter = town.voter()
    token = await town.token(voter, next="/boards/text?view=plot")
    assert await me(voter) == STRANGER
    used = await use(voter, token)
    assert (used.status, used.body) == (200, {"next": "/boards/text?view=plot"})
    assert await me(voter) == ("voter", ANN)


async def test_an_address_is_one_account_however_it_is_written(town: Town) -> None:
    first, second = town.voter(), town.voter()
    await town.sign_in(first)
    await town.ask(second, "  ANN@Example.org ")
    letter = await town.mail.letter_to(ANN, 2)
    assert (await use(second, link_in(letter).rpartition("#")[2])).status == 200
    assert (await first.call("GET", "/me")).body["id"] == (await second.call("GET", "/me")).body["id"]


async def test_a_link_is_used_once(town: Town) -> None:
    voter, thief = town.voter(), town.voter()
    token = await town.token(voter)
    await use(voter, token)
    for again in (await use(thief, token), await look(thief, token)):
        assert (again.status, again.body["code"]) == (409, "link_used")
        assert "Set-Cookie" not in again.headers
    assert await me(thief) == STRANGER


async def test_of_many_who_use_a_link_at_once_one_gets_in(town: Town) -> None:
    token = await town.token(town.voter())
    answers = await asyncio.gather(*(use(town.voter(), token) for _ in range(8)))
    assert sorted(one.status for one in answers) == [200] + [409] * 7


async def test_two_links_to_a_new_address_that_are_used_at_once_open_one_account(town: Town) -> None:
    voters = [town.voter() for _ in range(4)]
    tokens = [await town.token(voter) for voter in voters]
    await asyncio.gather(*(use(voter, token) for voter, token in zip(voters, tokens, strict=True)))
    assert len({(await voter.call("GET", "/me")).body["id"] for voter in voters}) == 1


async def test_a_link_works_for_fifteen_minutes(town: Town, watch: Watch) -> None:
    voter = town.voter()
    late, later = await town.token(voter), await town.token(voter)
    watch.time += timedelta(minutes=14, seconds=59)
    assert (await use(voter, late)).status == 200
    watch.time += timedelta(seconds=1)
    for refused in (await look(voter, later), await use(voter, later)):
        assert (refused.status, refused.body["code"]) == (409, "link_expired")


async def test_what_looks_at_a_link_does_not_use_it_up(town: Town) -> None:
    voter = town.voter()
    token = await town.token(voter)
    before = await count(town.arena, "account"), await count(town.arena, "session")
    for method in ("GET", "HEAD"):  # a mail scanner opens the address, and whatever that asks for
        scanner = town.voter()
        async with scanner.http.request(method, f"{scanner.base_url}/sign-in/link") as page:
            assert "Set-Cookie" not in page.headers
        seen = await look(scanner, token)
        assert (seen.status, seen.body["email"], seen.body["asked_here"]) == (200, ANN, False)
    assert (await count(town.arena, "account"), await count(town.arena, "session")) == before
    assert (await use(voter, token)).status == 200


async def test_the_browser_that_asked_is_told_from_others(town: Town) -> None:
    voter, other = town.voter(), town.voter()
    first, second = await town.token(voter), await town.token(voter)
    await town.token(other, BOB)
    for token in (first, second):
        assert (await look(voter, token)).body["asked_here"]
        assert not (await look(other, token)).body["asked_here"]


async def test_a_session_that_was_planted_before_the_sign_in_opens_nothing_after_it(town: Town) -> None:
    attacker, victim = town.voter(), town.voter()
    await attacker.battle()
    planted = attacker.cookie
    victim.cookie = planted
    await town.sign_in(victim)
    assert victim.cookie != planted
    assert await me(victim) == ("voter", ANN)
    assert await me(attacker) == STRANGER
    assert await chats(attacker) == []


async def test_signing_in_anew_ends_the_session_that_was_there(town: Town) -> None:
    voter, old = town.voter(), town.voter()
    await town.sign_in(voter)
    old.cookie = voter.cookie
    await town.sign_in(voter)
    assert await me(voter) == ("voter", ANN)
    assert await me(old) == STRANGER


async def test_asking_for_a_link_tells_nothing_of_who_is_known_here(town: Town) -> None:
    await town.sign_in(town.voter(), ANN)
    answers = [await town.ask(town.voter(), email) for email in (ANN, BOB)]
    for one in answers:
        cookie = one.headers.pop("Set-Cookie")
        one.headers["Set-Cookie"] = cookie.partition("=")[0] + cookie.partition(";")[2]
        one.headers.pop("Date", None)
        one.headers.pop("date", None)
    assert answers[0] == answers[1]


async def test_an_answer_does_not_wait_for_the_mail_server(town: Town) -> None:
    town.mail.open.clear()
    asked = await town.ask(town.voter())
    assert asked.status == 202
    assert town.mail.letters == []
    town.mail.open.set()
    await town.mail.letter_to(ANN)


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/boards//evil.example",
        "/..//evil.example",
        "/./",
        "javascript:alert(1)",
        "evil.example",
        "",
        " /",
        "/boards\n",
        "/%2F/evil.example",
        "/api/v1/me",
        "/@evil.example",
        "/" + "x" * 2000,
    ],
)
async def test_nobody_is_sent_on_to_another_site(town: Town, path: str) -> None:
    asked = await town.ask(town.voter(), next=path)
    assert (asked.status, asked.body["code"]) in [(422, "not_our_page"), (422, "invalid_request")]
    assert await count(town.arena, "sign_in_link") == 0


@pytest.mark.parametrize(
    "path", ["/", "/boards", "/c/0198c0de-0000-7000-8000-000000000000", "/?mode=direct", "/boards/a.b#plot"]
)
async def test_a_page_of_the_arena_is_gone_on_to(town: Town, path: str) -> None:
    voter = town.voter()
    assert (await use(voter, await town.token(voter, next=path))).body == {"next": path}


@pytest.mark.parametrize(
    "path_and_body",
    [
        ("/sign-in/links", {"email": ANN}),
        ("/sign-in", {"token": "x", "bring": True}),
        ("/sign-out", {"everywhere": True}),
    ],
)
async def test_another_site_cannot_make_a_browser_sign_in_or_out(
    town: Town, path_and_body: tuple[str, dict[str, Any]]
) -> None:
    voter = await town.sign_in(town.voter())
    path, body = path_and_body
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        refused = await voter.call("POST", path, body, headers=headers)
        assert (refused.status, refused.body["code"]) == (403, "cross_site")
    assert await me(voter) == ("voter", ANN)
    assert await count(town.arena, "sign_in_link") == 1


async def test_a_form_of_another_site_is_no_request_of_ours(town: Town) -> None:
    voter = town.voter()
    form = {"email": ANN}
    async with voter.http.post(f"{voter.base_url}/api/v1/sign-in/links", data=form) as refused:
        assert refused.status == 422


async def test_a_made_up_host_does_not_get_into_the_mail(town: Town) -> None:
    port = town.arena.base_url.rpartition(":")[2]
    for number, host in enumerate(
        (f"6.6.6.6:{port}", f"[2001:db8::6]:{port}", "127.0.0.1:1", "localhost:1"), 1
    ):
        assert (await town.ask(town.voter(), headers={"Host": host})).status == 202
        link = link_in(await town.mail.letter_to(ANN, number))
        assert link.startswith(f"{town.arena.base_url}/sign-in/link#")


async def test_a_link_leads_to_the_name_of_this_machine_under_which_it_was_asked_for(town: Town) -> None:
    port = town.arena.base_url.rpartition(":")[2]
    await town.ask(town.voter(), headers={"Host": f"localhost:{port}"})
    assert link_in(await town.mail.letter_to(ANN)).startswith(f"http://localhost:{port}/")


async def test_behind_a_proxy_links_and_cookies_are_those_of_its_address(
    database_url: str, mail: FakeMail
) -> None:
    public = "https://arena.example.org"
    async with running_arena(database_url, public_url=public, **mail.settings) as arena:
        town = Town(arena, mail)
        headers = {"Host": "arena.example.org"}
        asked = await town.ask(town.voter(), headers=headers)
        assert asked.headers["Set-Cookie"].startswith("__Host-evenhand-asked=")
        link = link_in(await mail.letter_to(ANN))
        assert link.startswith(f"{public}/sign-in/link#")
        used = await use(town.voter(), link.rpartition("#")[2], headers=headers)
        [session] = [used.headers["Set-Cookie"]]
        for part in ("__Host-evenhand=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert part in session


async def test_without_a_mail_server_the_link_is_on_the_console_of_this_machine(database_url: str) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    async with running_arena(database_url, say=said.put_nowait) as arena:
        voter = arena.voter()
        assert (await voter.call("GET", "/instance")).body["sign_in"]["email"] == "console"
        asked = await voter.call("POST", "/sign-in/links", {"email": ANN})
        assert asked.body["sent_by"] == "console"
        async with asyncio.timeout(20):
            line = await said.get()
        assert ANN in line
        assert (await use(voter, line.rpartition("#")[2])).status == 200


@pytest.mark.parametrize(
    "settings", [{"host": "0.0.0.0"}, {"host": "192.168.1.5"}, {"public_url": "https://arena.example.org"}]
)
async def test_where_others_reach_an_arena_without_a_mail_server_nobody_signs_in(
    database_url: str, settings: dict[str, str]
) -> None:
    said: list[str] = []
    async with running_arena(database_url, say=said.append, **settings) as arena:
        voter: Voter = arena.voter()
        assert (await voter.call("GET", "/instance")).body["sign_in"]["email"] == "off"
        asked = await voter.call("POST", "/sign-in/links", {"email": ANN})
        assert (asked.status, asked.body["code"]) == (503, "sign_in_off")
        assert "EVENHAND_SMTP_HOST" in asked.body["detail"]
        assert await count(arena, "sign_in_link") == 0
    assert said == []
