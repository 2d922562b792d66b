"""A passkey signs its owner in, on this site, once for each challenge, and nothing else does."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import CheckViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from yarl import URL

from evenhand.accounts.limits import WRONG_TRIES
from evenhand.accounts.passkeys.challenges import OPEN_AT_ONCE
from evenhand.accounts.passkeys.keys import MOST
from evenhand.app.housekeeping import Housekeeping
from tests.support.arena import Answered, running_arena
from tests.support.authenticator import PRESENT, Authenticator, encoded
from tests.support.passkeys import asked, at_home, device, listed, make, send_made, send_shown, show
from tests.support.signing_in import ANN, BOB, Town, chats, look, me, use
from tests.support.watch import NOON, Watch

STRANGER = ("stranger", None)


async def scalar(town: Town, query: str) -> Any:
    async with town.arena.database.unit_of_work() as work:
        return await work.session.scalar(text(query))


def refused(answered: Answered, status: int, code: str) -> None:
    assert (answered.status, answered.body["code"]) == (status, code), answered
    assert "evenhand=" not in answered.headers.get("Set-Cookie", "")


async def test_a_passkey_signs_its_owner_in_and_says_where_to_go_on(town: Town) -> None:
    desk, key = at_home(town), device(town)
    await town.sign_in(desk)
    assert (await make(desk, key)).status == 201
    voter = at_home(town)
    credential = key.show(await asked(voter, "/sign-in/passkey/options"))
    signed_in = await send_shown(voter, credential, next="/boards/text")
    assert (signed_in.status, signed_in.body) == (200, {"next": "/boards/text"})
    assert await me(voter) == ("voter", ANN)


async def test_an_authenticator_that_asks_nobody_who_they_are_and_does_not_count_is_taken(town: Town) -> None:
    voter, synced = await town.sign_in(at_home(town)), device(town, counts=False, flags=PRESENT)
    await make(voter, synced)
    for _ in range(2):
        assert (await show(at_home(town), synced)).status == 200


async def test_a_guest_makes_an_account_with_a_passkey_alone_and_keeps_their_chats(town: Town) -> None:
    voter, key = at_home(town), device(town)
    conversation, _ = await voter.battle()
    guest = (await voter.call("GET", "/me")).body["id"]
    assert (await make(voter, key)).status == 201
    assert await me(voter) == ("voter", None)
    assert (await voter.call("GET", "/me")).body["id"] == guest
    assert await chats(voter) == [conversation]
    assert (await voter.call("GET", "/passkeys")).body["only_way"]
    other = at_home(town)
    await show(other, key)
    assert await chats(other) == [conversation]


async def test_a_stranger_makes_an_account_with_a_passkey_alone(town: Town) -> None:
    voter = at_home(town)
    assert (await make(voter, device(town))).status == 201
    assert await me(voter) == ("voter", None)


async def test_on_a_second_device_what_its_guest_did_comes_to_the_account(town: Town) -> None:
    desk, phone, key = at_home(town), at_home(town), device(town)
    first, _ = await desk.battle()
    await make(desk, key)
    second, _ = await phone.battle()
    assert (await show(phone, key)).status == 200
    for browser in (desk, phone):
        assert await chats(browser) == sorted([first, second])


async def test_whoever_is_signed_in_and_shows_another_account_s_passkey_changes_to_that(town: Town) -> None:
    ann, bob, key = await town.sign_in(at_home(town)), await town.sign_in(at_home(town), BOB), device(town)
    theirs, _ = await bob.battle()
    await make(ann, key)
    await show(bob, key)
    assert await me(bob) == ("voter", ANN)
    assert await chats(bob) == []
    await town.sign_in(bob, BOB)
    assert await chats(bob) == [theirs]


@pytest.mark.parametrize("how", ["shown", "made"])
async def test_a_session_that_was_planted_before_opens_nothing_after_it(town: Town, how: str) -> None:
    attacker, victim, key = at_home(town), at_home(town), device(town)
    if how == "shown":
        await make(at_home(town), key)
    await attacker.battle()
    planted = attacker.cookie
    victim.cookie = planted
    assert (await (show if how == "shown" else make)(victim, key)).status in (200, 201)
    assert victim.cookie != planted
    assert (await me(victim))[0] == "voter"
    assert await me(attacker) == STRANGER
    assert await chats(attacker) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:1"},
        {"rp_id": "evil.example"},
        {"kind": "webauthn.create"},
        {"signed": b"something else"},
        {"user_handle": b"another account"},
        {"user_handle": None},
        {"cross_origin": True},
    ],
    ids=str,
)
async def test_what_is_not_proven_signs_nobody_in(town: Town, lie: dict[str, Any]) -> None:
    voter, key = at_home(town), device(town)
    await make(at_home(town), key)
    refused(await show(voter, key, **lie), 422, "passkey_wrong")
    assert await me(voter) == STRANGER
    assert await scalar(town, "SELECT count(*) FROM sign_in_failure") == 1
    assert (await show(voter, key)).status == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"kind": "webauthn.get"},
        {"cross_origin": True},
    ],
    ids=str,
)
async def test_what_is_not_proven_makes_no_passkey(town: Town, lie: dict[str, Any]) -> None:
    voter = at_home(town)
    refused(await make(voter, device(town), **lie), 422, "passkey_wrong")
    assert await me(voter) == STRANGER
    assert await scalar(town, "SELECT count(*) FROM identity") == 0


async def test_a_challenge_that_was_not_given_is_refused(town: Town) -> None:
    voter, key = at_home(town), device(town)
    lie = {"challenge": encoded(bytes(32))}
    await make(at_home(town), key)
    refused(await show(voter, key, **lie), 409, "passkey_too_late")
    refused(await make(voter, device(town), **lie), 409, "passkey_too_late")
    assert await me(voter) == STRANGER


async def test_a_challenge_is_used_once(town: Town) -> None:
    voter, key = at_home(town), device(town)
    options = await asked(voter, "/passkeys/options")
    cookies = voter.http.cookie_jar.filter_cookies(URL(voter.base_url))
    made = key.make(options)
    assert (await send_made(voter, made)).status == 201
    thief = at_home(town)
    thief.http.cookie_jar.update_cookies(cookies)
    refused(await send_made(thief, made), 409, "passkey_too_late")

    options = await asked(thief, "/sign-in/passkey/options")
    cookies = thief.http.cookie_jar.filter_cookies(URL(thief.base_url))
    shown = key.show(options)
    assert (await send_shown(thief, shown)).status == 200
    again = at_home(town)
    again.http.cookie_jar.update_cookies(cookies)
    refused(await send_shown(again, shown), 409, "passkey_too_late")
    assert await me(again) == STRANGER


async def test_a_challenge_that_was_answered_wrongly_is_used_up(town: Town) -> None:
    voter, key = at_home(town), device(town)
    await make(at_home(town), key)
    options = await asked(voter, "/sign-in/passkey/options")
    refused(await send_shown(voter, key.show(options, signed=b"x")), 422, "passkey_wrong")
    refused(await send_shown(voter, key.show(options)), 409, "passkey_too_late")


async def test_of_many_who_answer_a_challenge_at_once_one_gets_in(town: Town) -> None:
    voter, synced = at_home(town), device(town, counts=False)
    await make(at_home(town), synced)
    shown = synced.show(await asked(voter, "/sign-in/passkey/options"))
    answers = await asyncio.gather(*(send_shown(voter, shown) for _ in range(6)))
    assert sorted(one.status for one in answers) == [200] + [409] * 5


async def test_a_challenge_is_of_the_browser_that_asked_for_it(town: Town) -> None:
    voter, other, key = at_home(town), at_home(town), device(town)
    await make(at_home(town), key)
    options = await asked(voter, "/sign-in/passkey/options")
    await asked(other, "/sign-in/passkey/options")
    shown = key.show(options)
    refused(await send_shown(other, shown), 409, "passkey_too_late")
    assert await me(other) == STRANGER


async def test_a_challenge_for_making_a_passkey_signs_nobody_in(town: Town) -> None:
    voter, key = at_home(town), device(town)
    await make(at_home(town), key)
    options = await asked(voter, "/passkeys/options")
    shown = key.show({"rpId": "localhost", "challenge": options["challenge"]})
    refused(await send_shown(voter, shown), 409, "passkey_too_late")


async def test_a_challenge_can_be_answered_for_five_minutes(town: Town, watch: Watch) -> None:
    voter, key = at_home(town), device(town)
    await make(voter, key)
    early, late = [await asked(voter, "/sign-in/passkey/options") for _ in range(2)]
    watch.time += timedelta(minutes=4, seconds=59)
    assert (await send_shown(voter, key.show(early))).status == 200
    watch.time += timedelta(seconds=1)
    refused(await send_shown(voter, key.show(late)), 409, "passkey_too_late")


async def test_a_passkey_that_was_asked_for_before_somebody_signed_in_is_not_theirs(town: Town) -> None:
    voter, key = at_home(town), device(town)
    made = key.make(await asked(voter, "/passkeys/options"))
    await town.sign_in(voter)
    refused(await send_made(voter, made), 409, "passkey_too_late")
    assert await listed(voter) == []


async def test_a_passkey_that_nobody_has_here_is_unknown(town: Town) -> None:
    voter, key = at_home(town), device(town)
    key.make(await asked(voter, "/passkeys/options"))
    refused(await show(voter, key), 404, "unknown_passkey")


async def test_nobody_takes_an_account_by_making_a_passkey_of_the_same_id(town: Town) -> None:
    ann, key = await town.sign_in(at_home(town)), device(town)
    await make(ann, key)
    for thief in (at_home(town), await town.sign_in(at_home(town), BOB)):
        before = await me(thief)
        stolen = await make(thief, device(town), credential_id=key.keys[0].id)
        refused(stolen, 409, "passkey_known")
        assert await me(thief) == before
    assert await scalar(town, "SELECT count(*) FROM passkey") == 1
    assert (await show(at_home(town), key)).status == 200


async def test_another_account_s_key_opens_nothing_under_this_one_s_id(town: Town) -> None:
    ann, bob = device(town), device(town)
    await make(at_home(town), ann)
    await make(at_home(town), bob)
    bob.keys[0].id = ann.keys[0].id
    bob.keys[0].user_handle = ann.keys[0].user_handle
    bob.keys[0].count = 10
    voter = at_home(town)
    refused(await show(voter, bob), 422, "passkey_wrong")
    assert await me(voter) == STRANGER


async def test_a_passkey_whose_counter_goes_back_opens_nothing_any_more(town: Town) -> None:
    voter, key = await town.sign_in(at_home(town)), device(town)
    await make(voter, key)
    await show(at_home(town), key)
    copy = at_home(town)
    refused(await show(copy, key, count=2), 409, "passkey_copied")
    assert await me(copy) == STRANGER
    # Neither the copy nor, who knows which it is, the passkey itself.
    refused(await show(copy, key, count=99), 409, "passkey_copied")
    assert [one["works"] for one in await listed(voter)] == [False]


async def test_nobody_has_somebody_s_passkey_refused_without_having_it(town: Town) -> None:
    key = device(town)
    await make(at_home(town), key)
    refused(await show(at_home(town), key, count=0, signed=b"nothing"), 422, "passkey_wrong")
    assert (await show(at_home(town), key)).status == 200


@pytest.mark.parametrize(
    "change",
    ["sign_count = 0", "refused_at = NULL", "public_key = 'x'", "user_handle = 'x'", "credential_id = 'x'"],
)
async def test_the_database_lets_no_passkey_become_another(town: Town, change: str) -> None:
    key = device(town)
    await make(at_home(town), key)
    await show(at_home(town), key, count=1)
    with pytest.raises(IntegrityError) as error:
        await scalar(town, f"UPDATE passkey SET {change} RETURNING 1")
    assert isinstance(error.value.orig, CheckViolation)


async def test_after_twenty_wrong_tries_the_twenty_first_is_refused_and_good_ones_go_on(
    town: Town, watch: Watch
) -> None:
    voter, key = at_home(town), device(town)
    await make(at_home(town), key)
    for _ in range(WRONG_TRIES):
        refused(await show(voter, key, signed=b"x"), 422, "passkey_wrong")
    late = await show(voter, key, signed=b"x")
    refused(late, 429, "too_many_tries")
    assert late.body["retry_at"] == (NOON + timedelta(hours=1)).isoformat()
    assert (await show(voter, key)).status == 200
    watch.time += timedelta(hours=1)
    refused(await show(voter, key, signed=b"x"), 422, "passkey_wrong")


async def test_only_so_many_challenges_wait_for_one_requester(town: Town, watch: Watch) -> None:
    voter = at_home(town)
    for _ in range(OPEN_AT_ONCE):
        await asked(voter, "/sign-in/passkey/options")
    refused(await voter.call("POST", "/sign-in/passkey/options"), 429, "too_many_tries")
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    assert (await voter.call("POST", "/sign-in/passkey/options", headers=elsewhere)).status == 200
    watch.time += timedelta(minutes=5)
    await asked(voter, "/sign-in/passkey/options")
    await Housekeeping(town.arena.database, watch).tidy()
    assert await scalar(town, "SELECT count(*) FROM passkey_challenge") == 1


async def test_the_list_names_who_keeps_a_passkey_or_where_it_was_made(town: Town, watch: Watch) -> None:
    voter = await town.sign_in(at_home(town))
    known, unknown = device(town, aaguid=UUID("bada5566-a7aa-401f-bd96-45619a55120d")), device(town)
    await make(voter, known)
    watch.time += timedelta(minutes=90)
    options = await asked(voter, "/passkeys/options")
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}
    made = {"credential": unknown.make(options)}
    await voter.call("POST", "/passkeys", made, headers=agent)
    await show(at_home(town), unknown)
    first, second = await listed(voter)
    assert (first["authenticator"], first["used_at"], first["works"]) == ("1Password", None, True)
    assert first["credential_id"] == encoded(known.keys[0].id)
    assert (second["authenticator"], second["browser"], second["system"]) == (None, "Firefox", "Linux")
    assert second["used_at"] == (NOON + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert not (await voter.call("GET", "/passkeys")).body["only_way"]


async def test_a_second_passkey_is_for_the_same_account_and_not_on_the_same_device(town: Town) -> None:
    voter, key, other = await town.sign_in(at_home(town)), device(town), device(town)
    await make(voter, key)
    await make(voter, other)
    assert other.keys[0].user_handle == key.keys[0].user_handle
    options = await asked(voter, "/passkeys/options")
    assert {one["id"] for one in options["excludeCredentials"]} == {
        encoded(one.keys[0].id) for one in (key, other)
    }
    assert options["user"]["name"] == ANN
    assert options["attestation"] == "none"


async def test_a_removed_passkey_opens_nothing(town: Town) -> None:
    voter, key = await town.sign_in(at_home(town)), device(town)
    passkey = (await make(voter, key)).body["id"]
    assert (await voter.call("DELETE", f"/passkeys/{passkey}")).status == 204
    assert (await voter.call("DELETE", f"/passkeys/{passkey}")).status == 404
    refused(await show(at_home(town), key), 404, "unknown_passkey")
    assert await scalar(town, "SELECT count(*) FROM passkey") == 0


async def test_somebody_else_s_passkey_is_not_found(town: Town) -> None:
    ann, bob, key = await town.sign_in(at_home(town)), await town.sign_in(at_home(town), BOB), device(town)
    passkey = (await make(ann, key)).body["id"]
    refused(await bob.call("DELETE", f"/passkeys/{passkey}"), 404, "not_found")
    assert await listed(bob) == []
    assert (await show(at_home(town), key)).status == 200


async def test_what_alone_opens_an_account_is_not_removed(town: Town) -> None:
    voter, key, other = at_home(town), device(town), device(town)
    first = (await make(voter, key)).body["id"]
    refused(await voter.call("DELETE", f"/passkeys/{first}"), 409, "last_way_in")
    second = (await make(voter, other)).body["id"]
    answers = await asyncio.gather(*(voter.call("DELETE", f"/passkeys/{one}") for one in (first, second)))
    assert sorted(one.status for one in answers) == [204, 409]
    assert len(await listed(voter)) == 1


async def test_a_passkey_that_is_refused_is_no_way_in(town: Town) -> None:
    voter, key, other = at_home(town), device(town), device(town)
    await make(voter, key)
    good = (await make(voter, other)).body["id"]
    await show(at_home(town), key, count=1)
    refused(await voter.call("DELETE", f"/passkeys/{good}"), 409, "last_way_in")


async def test_an_account_has_so_many_passkeys(town: Town) -> None:
    voter = await town.sign_in(at_home(town))
    late = device(town).make(await asked(voter, "/passkeys/options"))
    for _ in range(MOST):
        await make(voter, device(town))
    for answered in (await voter.call("POST", "/passkeys/options"), await send_made(voter, late)):
        refused(answered, 409, "too_many_passkeys")
    assert len(await listed(voter)) == MOST


@pytest.mark.parametrize("guest", [False, True], ids=["stranger", "guest"])
async def test_whoever_is_not_signed_in_has_no_passkeys_to_see_or_remove(town: Town, guest: bool) -> None:
    voter = at_home(town)
    if guest:
        await voter.battle()
    refused(await voter.call("GET", "/passkeys"), 403, "not_signed_in")
    refused(await voter.call("DELETE", f"/passkeys/{UUID(int=1)}"), 403, "not_signed_in")


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"response": None},
        {"response": {"clientDataJSON": 7}},
        {"response": {"clientDataJSON": "####"}},
        {"response": {"clientDataJSON": encoded(b"[1]")}},
        {"response": {"clientDataJSON": encoded(b'{"type":"x","challenge":7,"origin":"x"}')}},
        {"id": "\ud800", "rawId": "\x00", "response": {"clientDataJSON": encoded(b"{}" * 9000)}},
    ],
    ids=range(7),
)
async def test_nonsense_is_refused(town: Town, credential: dict[str, Any]) -> None:
    for path in ("/passkeys", "/sign-in/passkey"):
        answered = await at_home(town).call("POST", path, {"credential": credential})
        refused(answered, 422, "passkey_wrong")


async def test_nonsense_on_a_good_challenge_is_refused(town: Town) -> None:
    voter, key = at_home(town), device(town)
    made = key.make(await asked(voter, "/passkeys/options"))
    made["response"]["attestationObject"] = made["response"]["attestationObject"][:-9]
    refused(await send_made(voter, made), 422, "passkey_wrong")
    await make(at_home(town), key)
    for broken in ("authenticatorData", "signature", "userHandle"):
        shown = key.show(await asked(voter, "/sign-in/passkey/options"))
        shown["response"][broken] = "A" * 9
        refused(await send_shown(voter, shown), 422, "passkey_wrong")
    assert await me(voter) == STRANGER


async def test_nobody_is_sent_on_to_another_site(town: Town) -> None:
    voter, key = at_home(town), device(town)
    await make(at_home(town), key)
    shown = key.show(await asked(voter, "/sign-in/passkey/options"))
    refused(await send_shown(voter, shown, next="//evil.example"), 422, "not_our_page")
    assert await me(voter) == STRANGER


async def test_another_site_cannot_use_a_browser_s_passkeys(town: Town) -> None:
    voter = at_home(town)
    for path in ("/passkeys/options", "/passkeys", "/sign-in/passkey/options", "/sign-in/passkey"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answered = await voter.call("POST", path, {"credential": {}}, headers=headers)
            refused(answered, 403, "cross_site")


async def test_where_browsers_allow_no_passkeys_there_are_none(town: Town) -> None:
    at_an_address = town.voter()
    assert (await at_an_address.call("GET", "/instance")).body["sign_in"]["passkeys"] is None
    for path in ("/passkeys/options", "/sign-in/passkey/options"):
        refused(await at_an_address.call("POST", path), 503, "passkeys_off")
    assert (await at_home(town).call("GET", "/instance")).body["sign_in"]["passkeys"] == "localhost"


@pytest.mark.parametrize(
    ("public_url", "domain", "origin"),
    [
        ("https://Arena.example.org/", "arena.example.org", "https://arena.example.org"),
        ("https://arena.example.org:443", "arena.example.org", "https://arena.example.org"),
        ("https://arena.example.org:8443", "arena.example.org", "https://arena.example.org:8443"),
        ("https://举手.example", "xn--wiqs20c.example", "https://xn--wiqs20c.example"),
        ("http://arena.example.org", None, None),
        ("https://192.168.1.5", None, None),
        ("https://[fd00::5]", None, None),
    ],
)
async def test_passkeys_are_for_the_public_address(
    database_url: str, public_url: str, domain: str | None, origin: str | None
) -> None:
    async with running_arena(database_url, public_url=public_url) as arena:
        voter = arena.voter()
        assert (await voter.call("GET", "/instance")).body["sign_in"]["passkeys"] == domain
        if origin is None:
            return
        for from_where, status in ((origin, 201), (arena.base_url, 422)):
            options = await voter.call("POST", "/passkeys/options")
            cookie = options.headers["Set-Cookie"].partition(";")[0]
            assert cookie.startswith("__Host-evenhand-passkey=")
            made = Authenticator(from_where).make(options.body["public_key"])
            headers = {"Cookie": cookie}
            kept = await voter.call("POST", "/passkeys", {"credential": made}, headers=headers)
            assert kept.status == status


async def test_an_account_of_a_passkey_alone_gets_the_address_that_is_confirmed_in_its_browser(
    town: Town,
) -> None:
    voter, key = at_home(town), device(town)
    conversation, _ = await voter.battle()
    await make(voter, key)
    token, before = await town.token(voter), voter.cookie
    assert (await look(voter, token)).body["adds"]
    assert (await use(voter, token)).status == 200
    assert voter.cookie != before
    assert await me(voter) == ("voter", ANN)
    assert not (await voter.call("GET", "/passkeys")).body["only_way"]
    for other in (await town.sign_in(at_home(town)), at_home(town)):
        await show(other, key)
        assert await chats(other) == [conversation]


async def test_a_stranger_s_link_adds_no_address_to_anybody(town: Town) -> None:
    stranger, victim = at_home(town), at_home(town)
    await make(stranger, device(town))
    await make(victim, device(town))
    token = await town.token(stranger)
    assert not (await look(victim, token)).body["adds"]
    await use(victim, token)
    assert await me(stranger) == ("voter", None)
    assert (await victim.call("GET", "/me")).body["id"] != (await stranger.call("GET", "/me")).body["id"]


async def test_an_address_that_opens_another_account_is_not_added(town: Town) -> None:
    ann, voter = await town.sign_in(at_home(town)), at_home(town)
    await make(voter, device(town))
    token = await town.token(voter)
    assert not (await look(voter, token)).body["adds"]
    await use(voter, token)
    assert (await voter.call("GET", "/me")).body["id"] == (await ann.call("GET", "/me")).body["id"]
    assert await listed(ann) == []
