"""Signing in with a real OpenID provider: what one has comes along, once, in the browser that began it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.arena import Arena, Voter, running_arena
from tests.support.elsewhere import away, back, go, query_of, sign_in_file, signed_in, through_the_form
from tests.support.fake_mail import FakeMail
from tests.support.openid_server import CLIENT, SECRET, issuer_of, listening, openid_server
from tests.support.signing_in import ANN, BOB, Town, chats, me

CALLBACK = "/api/v1/sign-in/providers/company/callback"


@pytest.fixture
async def town(
    database_url: str, tmp_path: Path, mail: FakeMail, monkeypatch: pytest.MonkeyPatch, trust: bool
) -> AsyncIterator[Town]:
    """An arena that sends mail and has one provider beside."""
    monkeypatch.setenv("COMPANY_SECRET", SECRET)
    listener = listening()
    company = {
        "slug": "company",
        "name": "Company",
        "issuer": issuer_of(listener),
        "client_id": CLIENT,
        "client_secret_env": "COMPANY_SECRET",
        "trust_email": trust,
    }
    path = sign_in_file(tmp_path, company)
    async with (
        running_arena(database_url, sign_in_file=path, **mail.settings) as arena,
        openid_server(listener, f"{arena.base_url}{CALLBACK}"),
    ):
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        yield Town(arena, mail)


@pytest.fixture
def trust() -> bool:
    """Whether the provider is believed when it says that an address was verified."""
    return False


trusted = pytest.mark.parametrize("trust", [True])


async def rows(arena: Arena, query: str) -> list[tuple[Any, ...]]:
    async with arena.database.unit_of_work() as work:
        return [tuple(row) for row in await work.session.execute(text(query))]


async def id_of(voter: Voter) -> str:
    return str((await voter.call("GET", "/me")).body["id"])


async def ways(voter: Voter) -> list[tuple[str, str | None]]:
    listed = (await voter.call("GET", "/identities")).body["identities"]
    return [(one["kind"], one["label"]) for one in listed]


async def test_a_guest_signs_in_and_keeps_what_they_asked(town: Town) -> None:
    voter = town.voter()
    conversation, _ = await voter.battle()
    guest, before = await id_of(voter), voter.cookie
    assert await signed_in(voter, next="/boards/text?view=plot") == "/boards/text?view=plot"
    assert await id_of(voter) == guest
    assert (await me(voter))[0] == "voter"
    assert await chats(voter) == [conversation]
    assert voter.cookie != before


async def test_on_a_second_device_the_same_person_finds_their_account(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    first, _ = await desk.battle()
    await signed_in(desk)
    second, _ = await phone.battle()
    await signed_in(phone)
    assert await id_of(desk) == await id_of(phone)
    assert await chats(desk) == sorted([first, second])


async def test_another_person_of_the_provider_has_another_account(town: Town) -> None:
    ann, bob = town.voter(), town.voter()
    await signed_in(ann, "ann")
    await signed_in(bob, "bob")
    assert await id_of(ann) != await id_of(bob)


async def test_a_session_that_was_there_before_opens_nothing_after_it(town: Town) -> None:
    attacker, victim = town.voter(), town.voter()
    await attacker.battle()
    victim.cookie = attacker.cookie
    await signed_in(victim)
    assert victim.cookie != attacker.cookie
    assert (await me(attacker))[0] == "stranger"


async def test_who_does_not_want_to_comes_back_to_the_page_that_says_so(town: Town) -> None:
    voter = town.voter()
    address = await through_the_form(voter, await away(voter, next="/boards"), cancel=True)
    assert query_of(await back(voter, address)) == {"problem": "provider_refused", "next": "/boards"}
    assert (await me(voter))[0] == "stranger"


async def test_what_one_came_back_with_works_once(town: Town) -> None:
    voter = town.voter()
    address = await through_the_form(voter, await away(voter))
    assert await back(voter, address) == "/"
    await voter.call("POST", "/sign-out", {"everywhere": False})
    assert query_of(await back(voter, address))["problem"] == "sign_in_not_begun"
    assert (await me(voter))[0] == "stranger"


async def test_a_code_works_once_even_with_a_new_state(town: Town) -> None:
    voter = town.voter()
    used = await through_the_form(voter, await away(voter))
    await back(voter, used)
    await voter.call("POST", "/sign-out", {"everywhere": False})
    state = query_of(await away(voter))["state"]
    replayed = used.replace(query_of(used)["state"], state)
    assert query_of(await back(voter, replayed))["problem"] == "provider_not_believed"
    assert (await me(voter))[0] == "stranger"


async def test_what_somebody_else_began_signs_nobody_in(town: Town) -> None:
    attacker, victim = town.voter(), town.voter()
    await away(victim)  # so that this browser has a mark of its own
    address = await through_the_form(attacker, await away(attacker), "eve")
    assert query_of(await back(victim, address))["problem"] == "sign_in_not_begun"
    assert (await me(victim))[0] == "stranger"
    assert await back(attacker, address) == "/"  # and it is not used up for who began it


async def test_an_account_of_the_same_address_stays_apart_where_the_provider_is_not_trusted(
    town: Town,
) -> None:
    by_mail, elsewhere = town.voter(), town.voter()
    await town.sign_in(by_mail)
    await signed_in(elsewhere)
    assert await id_of(by_mail) != await id_of(elsewhere)
    assert await ways(elsewhere) == [("oidc", ANN)]
    assert await me(elsewhere) == ("voter", None)


@trusted
async def test_a_verified_address_opens_its_account_where_the_provider_is_trusted(town: Town) -> None:
    by_mail, elsewhere = town.voter(), town.voter()
    await town.sign_in(by_mail)
    await signed_in(elsewhere)
    assert await id_of(by_mail) == await id_of(elsewhere)
    assert await ways(by_mail) == [("email", ANN), ("oidc", ANN)]


@trusted
async def test_an_account_that_a_trusted_provider_opened_is_found_by_mail(town: Town) -> None:
    elsewhere, by_mail = town.voter(), town.voter()
    await signed_in(elsewhere)
    await town.sign_in(by_mail)
    assert await id_of(by_mail) == await id_of(elsewhere)


@trusted
async def test_an_address_that_was_not_verified_opens_nothing(town: Town) -> None:
    by_mail, eve = town.voter(), town.voter()
    await town.sign_in(by_mail)
    await signed_in(eve, "eve")
    assert await id_of(eve) != await id_of(by_mail)
    assert await ways(eve) == [("oidc", ANN)]


async def test_who_is_signed_in_connects_a_provider_and_signs_in_by_either(town: Town) -> None:
    voter, other = town.voter(), town.voter()
    await town.sign_in(voter)
    assert await signed_in(voter, next="/account", connect=True) == "/account"
    assert await ways(voter) == [("email", ANN), ("oidc", ANN)]
    await signed_in(other)
    assert await id_of(other) == await id_of(voter)


async def test_what_opens_one_account_is_not_connected_to_another(town: Town) -> None:
    first, second = town.voter(), town.voter()
    await signed_in(first)
    await town.sign_in(second)
    assert await signed_in(second, connect=True) == "/account?problem=identity_taken"
    assert await ways(second) == [("email", ANN)]
    assert await ways(first) == [("oidc", ANN)]


async def test_a_connection_is_for_the_account_that_began_it(town: Town) -> None:
    voter, other = await town.sign_in(town.voter()), await town.sign_in(town.voter(), BOB)
    address = await through_the_form(voter, await away(voter, connect=True))
    voter.cookie = other.cookie
    assert await back(voter, address) == "/account?problem=sign_in_not_begun"
    assert await rows(town.arena, "SELECT count(*) FROM identity WHERE kind = 'oidc'") == [(0,)]


async def test_who_is_not_signed_in_connects_nothing(town: Town) -> None:
    guest = town.voter()
    await guest.battle()
    refused = await go(guest, connect=True)
    assert (refused.status, refused.body["code"]) == (403, "not_signed_in")


async def test_a_way_to_sign_in_is_removed_but_not_the_last(town: Town) -> None:
    voter, other = town.voter(), town.voter()
    await town.sign_in(voter)
    await signed_in(voter, connect=True)
    by_mail, elsewhere = (await voter.call("GET", "/identities")).body["identities"]
    assert (await voter.call("DELETE", f"/identities/{elsewhere['id']}")).status == 204
    refused = await voter.call("DELETE", f"/identities/{by_mail['id']}")
    assert (refused.status, refused.body["code"]) == (409, "last_way_in")
    await signed_in(other)
    assert await id_of(other) != await id_of(voter)


async def test_nobody_removes_what_opens_somebody_elses_account(town: Town) -> None:
    voter, other = town.voter(), town.voter()
    await town.sign_in(voter)
    await signed_in(other)
    [theirs] = (await other.call("GET", "/identities")).body["identities"]
    assert (await voter.call("DELETE", f"/identities/{theirs['id']}")).status == 404
    assert len((await other.call("GET", "/identities")).body["identities"]) == 1


async def test_the_database_holds_nothing_that_a_sign_in_could_be_ended_with(town: Town) -> None:
    voter = town.voter()
    address = query_of(await away(voter))
    [row] = await rows(town.arena, "SELECT sign_in_flow::text FROM sign_in_flow")
    for name in ("state", "nonce", "code_challenge"):
        assert address[name] not in row[0]
        assert address[name].encode().hex() not in row[0]


async def test_the_way_back_is_to_the_address_that_the_arena_has_not_one_that_a_request_names(
    town: Town,
) -> None:
    voter = town.voter()
    begun = await voter.call(
        "POST", "/sign-in/providers/company", {}, headers={"Host": f"6.6.6.6:{town.arena.base_url[-5:]}"}
    )
    assert query_of(begun.body["address"])["redirect_uri"] == f"{town.arena.base_url}{CALLBACK}"


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil.example", "/api/v1/me"])
async def test_nobody_is_sent_on_to_another_site(town: Town, path: str) -> None:
    refused = await go(town.voter(), next=path)
    assert (refused.status, refused.body["code"]) == (422, "not_our_page")


async def test_another_site_cannot_make_a_browser_begin(town: Town) -> None:
    voter = town.voter()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        refused = await voter.call("POST", "/sign-in/providers/company", {}, headers=headers)
        assert (refused.status, refused.body["code"]) == (403, "cross_site")
    assert await rows(town.arena, "SELECT * FROM sign_in_flow") == []


async def test_the_page_is_told_with_whom_one_can_sign_in(town: Town) -> None:
    ways_in = (await town.voter().call("GET", "/instance")).body["sign_in"]
    assert ways_in == {
        "email": "mail",
        "providers": [{"slug": "company", "name": {"en": "Company", "zh": "Company"}}],
        "passkeys": None,
    }
    refused = await go(town.voter(), "elsewhere")
    assert (refused.status, refused.body["code"]) == (404, "unknown_provider")
