"""Who is a moderator or an admin: those whose verified addresses the settings name, as things stand now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import text

from evenhand.accounts.roles import Roles, suffices
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings
from evenhand.core.sign_in_file import Names
from tests.support.arena import Voter, running_arena
from tests.support.fake_mail import FakeMail
from tests.support.signing_in import ANN, BOB, Town

RETENTION = "/operations/retention"


@asynccontextmanager
async def town_of(database_url: str, mail: FakeMail, **roles: str) -> AsyncIterator[Town]:
    async with running_arena(database_url, **mail.settings, **roles) as arena:
        yield Town(arena, mail)


async def role(voter: Voter) -> tuple[str | None, int]:
    """What the arena says that somebody is, and what they get who ask for what takes a role."""
    return (await voter.call("GET", "/me")).body["role"], (await voter.call("GET", RETENTION)).status


async def known_by(town: Town, statement: str, **values: str) -> None:
    async with town.arena.database.unit_of_work() as work:
        await work.session.execute(text(statement), values)


async def test_nobody_has_a_role_where_nobody_is_named(database_url: str, mail: FakeMail) -> None:
    async with town_of(database_url, mail) as town:
        voter = await town.sign_in(town.voter())
        refused = await voter.call("GET", RETENTION)
        assert await role(voter) == (None, 403)
        assert (refused.body["code"], refused.body["role"]) == ("role_needed", "moderator")
        assert "EVENHAND_MODERATORS" in refused.body["detail"]


async def test_who_is_not_signed_in_is_told_to_do_that_first(database_url: str, mail: FakeMail) -> None:
    async with town_of(database_url, mail, admins=ANN) as town:
        guest = town.voter()
        await guest.begin()
        for voter in (town.voter(), guest):
            assert (await voter.call("GET", RETENTION)).body["code"] == "not_signed_in"
            assert (await voter.call("GET", "/me")).body["role"] is None


async def test_an_address_in_the_settings_is_the_same_however_it_is_written(
    database_url: str, mail: FakeMail
) -> None:
    named = " , Ann@EXAMPLE.org ,, carol＠example。org "
    async with town_of(database_url, mail, moderators=named, admins=BOB) as town:
        assert await role(await town.sign_in(town.voter(), "ann@example.org")) == ("moderator", 200)
        assert await role(await town.sign_in(town.voter(), "carol@example.org")) == ("moderator", 200)
        assert await role(await town.sign_in(town.voter(), BOB)) == ("admin", 200)
        assert await role(await town.sign_in(town.voter(), "dora@example.org")) == (None, 403)


async def test_an_address_that_only_looks_alike_is_somebody_elses(database_url: str, mail: FakeMail) -> None:
    lookalike = "ann@\N{CYRILLIC SMALL LETTER IE}xample.org"
    async with town_of(database_url, mail, admins=lookalike) as town:
        assert await role(await town.sign_in(town.voter(), ANN)) == (None, 403)
    async with town_of(database_url, mail, admins=ANN) as town:
        # xn--…: the domain as the mail's servers write it.
        await town.ask(town.voter(), lookalike)
        letter = (await town.mail.letter_to("ann@xn--xample-2of.org", 1)).get_content()
        assert "/sign-in/link#" in letter
        for other in ("ann@example.org.evil.test", "xann@example.org", "ann+admin@example.org"):
            assert await role(await town.sign_in(town.voter(), other)) == (None, 403)


async def test_an_address_without_proof_gives_nothing(database_url: str, mail: FakeMail) -> None:
    """The name by which one is known to a provider may look like an address, and be nobody's."""
    async with town_of(database_url, mail, admins=ANN) as town:
        voter = await town.sign_in(town.voter(), BOB)
        await known_by(
            town,
            """INSERT INTO identity (id, account_id, kind, issuer, subject, label, created_at)
            SELECT gen_random_uuid(), account_id, 'oidc', 'https://login.example.org', :ann, :ann, now()
            FROM identity""",
            ann=ANN,
        )
        await town.ask(voter, ANN)  # a link that is on its way
        assert await role(voter) == (None, 403)


async def test_who_loses_the_address_or_the_account_loses_the_role_at_once(
    database_url: str, mail: FakeMail
) -> None:
    async with town_of(database_url, mail, admins=f"{ANN},{BOB}") as town:
        ann, bob = await town.sign_in(town.voter(), ANN), await town.sign_in(town.voter(), BOB)
        await known_by(town, "DELETE FROM identity WHERE subject = :ann", ann=ANN)
        assert await role(ann) == (None, 403)
        assert await role(bob) == ("admin", 200)
        await bob.call("DELETE", "/me")
        assert await role(bob) == (None, 403)
        # Whoever has the address now is somebody new, and is named.
        assert await role(await town.sign_in(town.voter(), BOB)) == ("admin", 200)


async def test_who_is_taken_off_the_list_is_nothing_more_at_the_next_start(
    database_url: str, mail: FakeMail
) -> None:
    async with town_of(database_url, mail, moderators=ANN) as town:
        voter = await town.sign_in(town.voter(), ANN)
        cookie = voter.cookie
        assert await role(voter) == ("moderator", 200)
    async with town_of(database_url, mail, moderators=BOB) as town:
        voter = town.voter()
        voter.cookie = cookie
        assert (await voter.call("GET", "/me")).body["email"] == ANN
        assert await role(voter) == (None, 403)


@dataclass(frozen=True)
class Company:
    """A provider, as far as roles ask."""

    trusts_email: bool
    slug: str = "company"
    issuer: str = "https://login.example.org"
    name: Names = field(default_factory=lambda: {"en": "Company", "zh": "Company"})


async def test_where_no_link_can_be_sent_an_address_needs_a_provider_that_is_believed(
    database_url: str, mail: FakeMail
) -> None:
    async with town_of(database_url, mail, admins=ANN) as town:
        voter = await town.sign_in(town.voter(), ANN)
        cookie = voter.cookie
        await known_by(
            town,
            """INSERT INTO identity (id, account_id, kind, issuer, subject, created_at)
            SELECT gen_random_uuid(), account_id, 'oidc', 'https://login.example.org', '7', now()
            FROM identity""",
        )
    public = "http://arena.example.org"  # without a mail server nobody gets a link there
    async with running_arena(database_url, public_url=public, admins=ANN) as arena:
        voter = arena.voter()
        voter.cookie = cookie
        assert await role(voter) == (None, 403)
        for trusted, expected in ((False, (None, 403)), (True, ("admin", 200))):
            providers: Any = {"company": Company(trusted)}
            arena.app.state.door = replace(arena.app.state.door, providers=providers)
            assert await role(voter) == expected


@pytest.mark.parametrize("written", ["ann", "ann@", "Ann <ann@example.org>", f"{ANN} {BOB}"])
def test_what_is_no_address_keeps_the_arena_from_starting(written: str) -> None:
    with pytest.raises(StartError, match=r"EVENHAND_ADMINS must be e-mail addresses with commas"):
        Roles.of(Settings(admins=f"{BOB}, {written}"))


def test_a_moderator_may_less_than_an_admin_and_nobody_may_without_a_role() -> None:
    assert [suffices(role, "moderator") for role in ("admin", "moderator", None)] == [True, True, False]
    assert [suffices(role, "admin") for role in ("admin", "moderator", None)] == [True, False, False]


def test_who_is_named_twice_has_the_higher_role() -> None:
    roles = Roles.of(Settings(admins=f"{BOB},{ANN}", moderators=ANN))
    assert roles.of_addresses([ANN]) == "admin"
    assert roles.of_addresses(["carol@example.org"]) is None
