"""Where one is signed in, and how that ends."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from evenhand.accounts.browsers import Browser, browser_of
from evenhand.accounts.sessions import LIFETIME
from evenhand.app.housekeeping import Housekeeping
from tests.support.arena import Arena, Voter, settled
from tests.support.signing_in import ANN, BOB, Town, me, token_in, use
from tests.support.watch import NOON, Watch

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Mobile/15E148 Safari/604.1"
)
ADDRESS = "203.0.113.77"


async def signed_in(town: Town, agent: str, email: str = ANN) -> Voter:
    voter = town.voter()
    token = await town.token(voter, email)
    await use(voter, token, headers={"User-Agent": agent})
    return voter


async def everything(arena: Arena) -> str:
    """All rows of all tables, as text."""
    async with arena.database.unit_of_work() as work:
        tables = await work.session.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        )
        found = ""
        for table in tables:
            found += str((await work.session.execute(text(f'SELECT one::text FROM "{table}" one'))).all())
        return found


async def test_the_list_says_which_browsers_are_signed_in_and_which_is_this(town: Town, watch: Watch) -> None:
    desk = await signed_in(town, FIREFOX)
    watch.time += timedelta(hours=2, minutes=20)
    phone = await signed_in(town, SAFARI)
    listed = (await phone.call("GET", "/sessions")).body["sessions"]
    assert [(one["browser"], one["system"], one["here"]) for one in listed] == [
        ("Safari", "iOS", True),
        ("Firefox", "Linux", False),
    ]
    assert [one["here"] for one in (await desk.call("GET", "/sessions")).body["sessions"]] == [True, False]


async def test_when_somebody_came_last_is_kept_to_the_hour(town: Town, watch: Watch) -> None:
    voter = await signed_in(town, FIREFOX)
    watch.time += timedelta(hours=3, minutes=47)
    await voter.call("GET", "/me")
    [listed] = (await voter.call("GET", "/sessions")).body["sessions"]
    assert listed["seen_at"] == (NOON + timedelta(hours=3)).isoformat().replace("+00:00", "Z")


async def test_no_address_is_kept_anywhere(town: Town) -> None:
    voter = town.voter()
    headers = {"X-Forwarded-For": ADDRESS, "User-Agent": f"Firefox/1 canary-{ADDRESS}"}
    await town.ask(voter, headers=headers)
    token = token_in(await town.mail.letter_to(ANN))
    await use(voter, "nonsense", headers=headers)
    await use(voter, token, headers=headers)
    await voter.call("GET", "/sessions", headers=headers)
    found = await everything(town.arena)
    assert ANN in found
    for secret in (ADDRESS, token, voter.cookie):
        assert secret not in found
        assert secret.encode().hex() not in found


async def test_a_session_is_ended_from_another_browser(town: Town) -> None:
    desk, phone = await signed_in(town, FIREFOX), await signed_in(town, SAFARI)
    others = [one["id"] for one in (await desk.call("GET", "/sessions")).body["sessions"] if not one["here"]]
    for session in others:
        assert (await desk.call("DELETE", f"/sessions/{session}")).status == 204
        assert (await desk.call("DELETE", f"/sessions/{session}")).status == 404
    assert await me(phone) == ("stranger", None)
    assert await me(desk) == ("voter", ANN)


async def test_ending_this_session_takes_the_cookie(town: Town) -> None:
    voter = await signed_in(town, FIREFOX)
    [this] = (await voter.call("GET", "/sessions")).body["sessions"]
    assert (await voter.call("DELETE", f"/sessions/{this['id']}")).status == 204
    with pytest.raises(KeyError):
        _ = voter.cookie


async def test_somebody_else_s_session_is_not_found(town: Town) -> None:
    ann, bob = await signed_in(town, FIREFOX), await signed_in(town, FIREFOX, BOB)
    [session] = (await ann.call("GET", "/sessions")).body["sessions"]
    refused = await bob.call("DELETE", f"/sessions/{session['id']}")
    assert (refused.status, refused.body["code"]) == (404, "not_found")
    assert await me(ann) == ("voter", ANN)


async def test_signing_out_everywhere_ends_every_session_and_nobody_else_s(town: Town) -> None:
    devices = [await signed_in(town, agent) for agent in (FIREFOX, SAFARI, FIREFOX)]
    bob = await signed_in(town, FIREFOX, BOB)
    assert (await devices[0].call("POST", "/sign-out", {"everywhere": True})).status == 204
    for device in devices:
        assert await me(device) == ("stranger", None)
    assert await me(bob) == ("voter", BOB)


async def test_whoever_is_signed_out_hears_nothing_more(town: Town) -> None:
    owner, thief = await signed_in(town, FIREFOX), town.voter()
    conversation, _ = await owner.battle()
    thief.cookie = owner.cookie
    async with thief.follow(conversation) as listener:
        assert (await owner.call("POST", "/sign-out", {"everywhere": True})).status == 204
        async with asyncio.timeout(10):
            _ = [event async for event in listener.events()]
    assert (await thief.call("GET", f"/conversations/{conversation}")).status == 404


async def test_who_reads_in_another_session_comes_back_after_one_was_ended(town: Town) -> None:
    desk, phone = await signed_in(town, FIREFOX), await signed_in(town, SAFARI)
    conversation, _ = await desk.battle()
    async with desk.follow(conversation) as listener:
        assert (await phone.call("POST", "/sign-out", {"everywhere": False})).status == 204
        async with asyncio.timeout(10):
            _ = [event async for event in listener.events()]
    assert settled((await desk.hear(conversation, settled))[-1])


async def test_at_a_new_hour_a_stream_and_what_is_asked_beside_it_are_answered(
    town: Town, watch: Watch
) -> None:
    voter = await signed_in(town, FIREFOX)
    conversation, _ = await voter.battle()
    for _ in range(5):
        watch.time += timedelta(hours=1)
        beside = [
            voter.call("GET", path) for path in ("/me", "/conversations", f"/conversations/{conversation}")
        ]
        heard, *answers = await asyncio.gather(voter.hear(conversation, settled), *beside)
        assert heard
        assert {one.status for one in answers} == {200}


async def test_a_session_that_is_used_does_not_end(town: Town, watch: Watch) -> None:
    voter = await signed_in(town, FIREFOX)
    cookie = voter.cookie
    fresh = await voter.call("GET", "/me")
    assert "Set-Cookie" not in fresh.headers
    for _ in range(3):
        watch.time += LIFETIME - timedelta(days=1)
        renewed = await voter.call("GET", "/me")
        assert f"evenhand={cookie}" in renewed.headers["Set-Cookie"]
        assert f"Max-Age={int(LIFETIME.total_seconds())}" in renewed.headers["Set-Cookie"]
        assert await me(voter) == ("voter", ANN)


@pytest.mark.parametrize("guest", [False, True], ids=["stranger", "guest"])
async def test_whoever_is_not_signed_in_has_no_sessions_to_see_or_end(town: Town, guest: bool) -> None:
    voter = town.voter()
    if guest:
        await voter.battle()
    for method, path, body in (
        ("GET", "/sessions", None),
        ("DELETE", "/sessions/0198c0de-0000-7000-8000-000000000000", None),
        ("POST", "/sign-out", {"everywhere": False}),
    ):
        refused = await voter.call(method, path, body)
        assert (refused.status, refused.body["code"]) == (403, "not_signed_in")
    assert (await me(voter))[0] == ("guest" if guest else "stranger")


async def test_what_is_over_is_forgotten(town: Town, watch: Watch) -> None:
    voter = await signed_in(town, FIREFOX)
    await use(town.voter(), "nonsense")
    await Housekeeping(town.arena.database, watch).tidy()
    assert await me(voter) == ("voter", ANN)
    watch.time += LIFETIME
    assert await me(voter) == ("stranger", None)
    await Housekeeping(town.arena.database, watch).tidy()
    async with town.arena.database.unit_of_work() as work:
        for table in ("session", "sign_in_link", "sign_in_failure"):
            assert await work.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.parametrize(
    ("agent", "browser"),
    [
        (FIREFOX, Browser("Firefox", "Linux")),
        (SAFARI, Browser("Safari", "iOS")),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            Browser("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Mobile Safari/537.36",
            Browser("Chrome", "Android"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
            "Chrome/130.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
            Browser("WeChat", "Android"),
        ),
        ("curl/8.14.1", Browser(None, None)),
        ("", Browser(None, None)),
        (None, Browser(None, None)),
    ],
)
def test_of_a_browser_its_family_and_system_are_known(agent: str | None, browser: Browser) -> None:
    assert browser_of(agent) == browser
