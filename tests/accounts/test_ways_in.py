"""An account that several things open: each is seen in its list, and the last that works is not removed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.arena import Arena, Voter, running_arena
from tests.support.elsewhere import away, back, query_of, sign_in_file
from tests.support.fake_issuer import CLIENT, SECRET, FakeIssuer, fake_issuer
from tests.support.fake_mail import FakeMail
from tests.support.passkeys import at_home, device, listed, make, show
from tests.support.signing_in import ANN, Town, me
from tests.support.watch import Watch


class Crossing(Town):
    """An arena with mail, passkeys and one provider."""

    def __init__(self, arena: Arena, mail: FakeMail, issuer: FakeIssuer) -> None:
        super().__init__(arena, mail)
        self._issuer = issuer

    async def by_provider(self, voter: Voter, **more: Any) -> None:
        """Somebody signs in with the provider, or connects it."""
        query = query_of(await away(voter, **more))
        self._issuer.nonce, self._issuer.challenge = query["nonce"], query["code_challenge"]
        callback = f"{voter.base_url}/api/v1/sign-in/providers/company/callback"
        assert "problem" not in await back(voter, f"{callback}?code=c0de&state={query['state']}")


@pytest.fixture
async def crossing(
    database_url: str, tmp_path: Path, watch: Watch, mail: FakeMail, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Crossing]:
    monkeypatch.setenv("COMPANY_SECRET", SECRET)
    async with fake_issuer(watch) as issuer:
        company = {
            "slug": "company",
            "name": "Company",
            "issuer": issuer.url,
            "client_id": CLIENT,
            "client_secret_env": "COMPANY_SECRET",
        }
        path = sign_in_file(tmp_path, company)
        async with running_arena(database_url, clock=watch, sign_in_file=path, **mail.settings) as arena:
            yield Crossing(arena, mail, issuer)


async def others(voter: Voter) -> list[dict[str, Any]]:
    """What opens somebody's account but for passkeys."""
    answered = await voter.call("GET", "/identities")
    assert answered.status == 200, answered
    identities: list[dict[str, Any]] = answered.body["identities"]
    return identities


async def only_passkeys(voter: Voter) -> bool:
    return bool((await voter.call("GET", "/passkeys")).body["only_way"])


async def remove(voter: Voter, path: str) -> tuple[int, str | None]:
    answered = await voter.call("DELETE", path)
    return answered.status, answered.body.get("code")


LAST = (409, "last_way_in")


async def test_a_passkey_and_a_provider_open_one_account_and_each_is_in_its_own_list(
    crossing: Crossing,
) -> None:
    voter, key = at_home(crossing), device(crossing)
    assert (await make(voter, key)).status == 201
    assert (await others(voter), await only_passkeys(voter)) == ([], True)
    await crossing.by_provider(voter, connect=True)
    [provider] = await others(voter)
    assert (provider["kind"], provider["works"], provider["last"]) == ("oidc", True, False)
    assert (len(await listed(voter)), await only_passkeys(voter)) == (1, False)

    ids = []
    for by_passkey in (True, False):
        elsewhere = at_home(crossing)
        await (show(elsewhere, key) if by_passkey else crossing.by_provider(elsewhere))
        ids.append((await elsewhere.call("GET", "/me")).body["id"])
    assert ids == [(await voter.call("GET", "/me")).body["id"]] * 2


async def test_a_passkey_that_is_left_alone_is_the_last_way(crossing: Crossing) -> None:
    voter = at_home(crossing)
    await crossing.by_provider(voter)
    passkey = (await make(voter, device(crossing))).body["id"]
    [provider] = await others(voter)
    assert await remove(voter, f"/identities/{provider['id']}") == (204, None)
    assert await only_passkeys(voter)
    assert await remove(voter, f"/passkeys/{passkey}") == LAST


async def test_a_provider_that_is_left_alone_is_the_last_way(crossing: Crossing) -> None:
    voter = at_home(crossing)
    await crossing.by_provider(voter)
    passkey = (await make(voter, device(crossing))).body["id"]
    assert await remove(voter, f"/passkeys/{passkey}") == (204, None)
    [provider] = await others(voter)
    assert provider["last"]
    assert await remove(voter, f"/identities/{provider['id']}") == LAST


async def test_of_a_passkey_and_a_provider_that_are_removed_at_once_one_stays(crossing: Crossing) -> None:
    voter = at_home(crossing)
    await crossing.by_provider(voter)
    passkey = (await make(voter, device(crossing))).body["id"]
    [provider] = await others(voter)
    paths = (f"/passkeys/{passkey}", f"/identities/{provider['id']}")
    assert sorted(await asyncio.gather(*(remove(voter, path) for path in paths)), key=str) == [
        (204, None),
        LAST,
    ]


async def test_a_passkey_that_is_refused_keeps_no_provider_from_being_the_last_way(
    crossing: Crossing,
) -> None:
    voter, key = at_home(crossing), device(crossing)
    await crossing.by_provider(voter)
    await make(voter, key)
    await show(at_home(crossing), key, count=1)
    assert [one["works"] for one in await listed(voter)] == [False]
    [provider] = await others(voter)
    assert provider["last"]
    assert await remove(voter, f"/identities/{provider['id']}") == LAST


async def test_a_provider_that_the_arena_has_no_more_keeps_no_passkey_from_being_the_last_way(
    crossing: Crossing, database_url: str, watch: Watch
) -> None:
    voter = at_home(crossing)
    await crossing.by_provider(voter)
    passkey = (await make(voter, device(crossing))).body["id"]
    assert not await only_passkeys(voter)
    async with running_arena(database_url, clock=watch) as arena:
        again = at_home(Town(arena, crossing.mail))
        again.cookie = voter.cookie
        [provider] = await others(again)
        assert (provider["provider"], provider["works"], provider["last"]) == (None, False, False)
        assert await only_passkeys(again)
        assert await remove(again, f"/passkeys/{passkey}") == LAST
        assert await remove(again, f"/identities/{provider['id']}") == (204, None)


async def test_a_passkey_is_removed_among_passkeys_and_nothing_else_is(crossing: Crossing) -> None:
    voter = at_home(crossing)
    await crossing.by_provider(voter)
    passkey = (await make(voter, device(crossing))).body["id"]
    [provider] = await others(voter)
    assert await remove(voter, f"/identities/{passkey}") == (404, "not_found")
    assert await remove(voter, f"/passkeys/{provider['id']}") == (404, "not_found")
    assert (len(await listed(voter)), len(await others(voter))) == (1, 1)


async def test_who_came_by_a_provider_adds_an_address(crossing: Crossing) -> None:
    voter = at_home(crossing)
    await crossing.by_provider(voter)
    account = (await voter.call("GET", "/me")).body["id"]
    assert await me(voter) == ("voter", None)
    await crossing.sign_in(voter)
    assert await me(voter) == ("voter", ANN)
    assert (await voter.call("GET", "/me")).body["id"] == account
    assert [one["kind"] for one in await others(voter)] == ["oidc", "email"]
