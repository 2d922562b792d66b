"""How often links are sent and tried, and that one is told when it goes on."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from evenhand.accounts.emails import email_of
from evenhand.accounts.limits import LINKS_IN_ALL, LINKS_PER_EMAIL, WRONG_TRIES
from evenhand.accounts.requesters import Requesters
from evenhand.core.errors import Invalid
from tests.support.arena import Answered, running_arena
from tests.support.fake_mail import FakeMail
from tests.support.signing_in import ANN, BOB, Town, look, me, use
from tests.support.watch import NOON, Watch

HOUR = timedelta(hours=1)


def at(address: str) -> dict[str, str]:
    """As a proxy on this machine says where a request comes from."""
    return {"X-Forwarded-For": address}


def back_in(answered: Answered, after: timedelta) -> None:
    """It was refused until so long after noon."""
    assert answered.status == 429
    assert answered.body["retry_at"] == (NOON + after).isoformat()
    assert int(answered.headers["Retry-After"]) > 0


async def test_one_requester_has_so_many_links_an_hour_sent_to_one_address_and_keeps_nobody_else_out(
    town: Town, watch: Watch
) -> None:
    for _ in range(LINKS_PER_EMAIL):
        assert (await town.ask(town.voter(), headers=at("203.0.113.1"))).status == 202
        watch.time += timedelta(minutes=1)
    refused = await town.ask(town.voter(), headers=at("203.0.113.1"))
    assert refused.body["code"] == "too_many_links"
    back_in(refused, HOUR)
    assert (await town.ask(town.voter(), BOB, headers=at("203.0.113.1"))).status == 202
    assert (await town.ask(town.voter(), headers=at("198.51.100.1"))).status == 202
    watch.time = NOON + HOUR
    assert (await town.ask(town.voter(), headers=at("203.0.113.1"))).status == 202
    assert (await town.ask(town.voter(), headers=at("203.0.113.1"))).status == 429


async def test_a_mailbox_is_not_flooded_by_many_who_ask(town: Town, watch: Watch) -> None:
    for number in range(LINKS_IN_ALL):
        assert (await town.ask(town.voter(), headers=at(f"203.0.113.{number}"))).status == 202
        watch.time += timedelta(minutes=1)
    refused = await town.ask(town.voter(), headers=at("198.51.100.1"))
    assert refused.body["code"] == "too_many_links"
    back_in(refused, HOUR)


async def test_the_limit_is_the_same_for_addresses_that_are_known_and_not(town: Town) -> None:
    await town.sign_in(town.voter(), ANN)
    refused = {}
    for email, already in ((ANN, 1), (BOB, 0)):
        for _ in range(LINKS_PER_EMAIL - already):
            await town.ask(town.voter(), email)
        refused[email] = (await town.ask(town.voter(), email)).body
    assert refused[ANN] == refused[BOB]


async def test_one_requester_asks_for_so_many_links_an_hour(
    database_url: str, watch: Watch, mail: FakeMail
) -> None:
    async with running_arena(database_url, clock=watch, sign_in_links_per_hour=3, **mail.settings) as arena:
        town = Town(arena, mail)
        for number in range(3):
            assert (await town.ask(town.voter(), f"a{number}@example.org")).status == 202
        refused = await town.ask(town.voter(), "a4@example.org")
        assert (refused.body["code"], refused.body["limit"]) == ("too_many_links", 3)
        back_in(refused, HOUR)
        assert (await town.ask(town.voter(), "a4@example.org", headers=at("203.0.113.9"))).status == 202


async def test_links_to_one_address_that_many_ask_for_at_once_are_counted(town: Town) -> None:
    answers = await asyncio.gather(
        *(town.ask(town.voter(), headers=at(f"203.0.113.{number}")) for number in range(LINKS_IN_ALL + 4))
    )
    assert sorted(one.status for one in answers) == [202] * LINKS_IN_ALL + [429] * 4


async def test_links_to_many_addresses_that_one_asks_for_at_once_are_counted(
    database_url: str, mail: FakeMail
) -> None:
    async with running_arena(database_url, sign_in_links_per_hour=3, **mail.settings) as arena:
        town = Town(arena, mail)
        answers = await asyncio.gather(
            *(town.ask(town.voter(), f"a{number}@example.org") for number in range(7))
        )
        assert sorted(one.status for one in answers) == [202] * 3 + [429] * 4


async def test_after_twenty_wrong_tries_the_twenty_first_is_refused_until_an_hour_later(
    town: Town, watch: Watch
) -> None:
    voter = town.voter()
    token = await town.token(voter)
    for number in range(WRONG_TRIES):
        tried = await (look(voter, f"wrong{number}") if number % 2 else use(voter, f"wrong{number}"))
        assert (tried.status, tried.body["code"]) == (404, "unknown_link")
        watch.time += timedelta(seconds=10)
    for refused in (await use(voter, "wrong"), await look(voter, "wrong")):
        assert refused.body["code"] == "too_many_tries"
        back_in(refused, HOUR)
    # Others behind the same network address have done nothing wrong.
    assert (await look(voter, token)).status == 200
    assert (await use(voter, token)).status == 200
    assert await me(voter) == ("voter", ANN)
    watch.time = NOON + HOUR
    assert (await look(voter, "wrong")).body["code"] == "unknown_link"


async def test_wrong_tries_that_come_at_once_are_counted(town: Town) -> None:
    answers = await asyncio.gather(*(use(town.voter(), f"wrong{number}") for number in range(30)))
    assert sorted(one.status for one in answers) == [404] * WRONG_TRIES + [429] * 10
    async with town.arena.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(*) FROM sign_in_failure")) == WRONG_TRIES


def test_requesters_are_told_apart_by_address_or_home_network_and_by_nobody_without_the_key() -> None:
    requesters = Requesters(SecretStr("key"))
    known = requesters.hash_of("203.0.113.9")
    assert (
        known
        == requesters.hash_of("::ffff:203.0.113.9")
        == Requesters(SecretStr("key")).hash_of("203.0.113.9")
    )
    assert known != requesters.hash_of("203.0.113.10")
    assert known != Requesters(SecretStr("other")).hash_of("203.0.113.9")
    assert known != Requesters(None).hash_of("203.0.113.9")
    home = requesters.hash_of("2001:db8:0:11::1")
    assert home == requesters.hash_of("2001:db8:0:22:abcd::9")
    assert home != requesters.hash_of("2001:db8:0:100::1")
    assert requesters.hash_of(None) == requesters.hash_of("somewhere")


@pytest.mark.parametrize(
    ("written", "email"),
    [
        ("Ann@Example.ORG", "ann@example.org"),
        (" ann+arena@example.org\n", "ann+arena@example.org"),
        ("o'neil@intranet", "o'neil@intranet"),
        ("ann@例子.中国", "ann@xn--fsqu00a.xn--fiqs8s"),
        ("ａnn＠example。org", "ann@example.org"),
    ],
)
def test_an_address_has_one_form(written: str, email: str) -> None:
    assert email_of(written) == email


@pytest.mark.parametrize(
    "written",
    [
        "ann",
        "ann@faß.de",
        "@example.org",
        "ann@",
        "a b@example.org",
        "ann@exa mple.org",
        "ann@example..org",
        "ann@-example.org",
        "ann@example.org\nBcc: bob@example.org",
        "ann\r\nBcc:bob@example.org",
        "ann@@example.org",
        "ann,bob@example.org",
        "Ann <ann@example.org>",
        '"ann"@example.org',
        "ann@[127.0.0.1]",
        f"{'a' * 65}@example.org",
        f"ann@{'a' * 64}.org",
        f"ann@{'a.' * 130}org",
        "用户@example.org",
        "ann@\ud800.org",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        email_of(written)
