"""Passkeys on the page, kept by Chromium's virtual authenticator: made, used, removed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, Page, Route, expect

from tests.browser.acts import Visit, ask, looks_well, wait_until_votable
from tests.browser.conftest import brief_arena, of_a_reader, shared_loop
from tests.browser.readers import Reader, both_readers, every_reader
from tests.browser.test_sign_in import has_chats
from tests.support.arena import Arena, running_arena
from tests.support.fake_mail import FakeMail, mail_server
from tests.support.signing_in import ANN, link_in

pytestmark = pytest.mark.browser


_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """What keeps the passkeys of a browser."""

    def __init__(self, session: CDPSession, number: str) -> None:
        self._session = session
        self._number = number

    @classmethod
    async def of(cls, page: Page) -> "Device":
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
        return cls(session, added["authenticatorId"])

    async def keys(self) -> list[dict[str, Any]]:
        kept = await self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._number})
        credentials: list[dict[str, Any]] = kept["credentials"]
        return credentials

    async def take(self, key: dict[str, Any]) -> None:
        """Keep a passkey that another device has, too, as those do that are synced."""
        await self._session.send(
            "WebAuthn.addCredential", {"authenticatorId": self._number, "credential": key}
        )

    async def lose_all(self) -> None:
        await self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self._number})

    async def answers(self, answers: bool) -> None:
        """Whether its owner touches it whenever it asks, be it only in the list of a field; at first so."""
        await self._session.send(
            "WebAuthn.setAutomaticPresenceSimulation",
            {"authenticatorId": self._number, "enabled": answers},
        )


@shared_loop
async def mail() -> AsyncIterator[FakeMail]:
    async with mail_server() as server:
        yield server


@shared_loop
async def arena(database_url: str, mail: FakeMail) -> AsyncIterator[Arena]:
    """An arena that sends mail, with two contestants, at the name of this machine."""
    async with brief_arena(database_url, **mail.settings) as running:
        await running.enter(
            running.entry("swift", name="Swift 1"), running.entry("calm", name="Calm 2", organization="Stoa")
        )
        running.base_url = running.base_url.replace("127.0.0.1", "localhost")
        yield running


async def sign_in_by_link(page: Page, mail: FakeMail, number: int = 1) -> None:
    await page.goto("/sign-in")
    await page.get_by_test_id("sign-in-email").fill(ANN)
    await page.get_by_test_id("send-link").click()
    await page.goto(link_in(await mail.letter_to(ANN, number)))
    await page.get_by_test_id("confirm-sign-in").click()
    await expect(page.get_by_test_id("account-link")).to_be_visible()


async def press_the_button(page: Page, device: Device, path: str) -> None:
    """Signs in by the button, whose owner has left alone what the field offers.

    The device answers again only when the button asks: then what waits in the field has been called off.
    """

    async def answered(route: Route) -> None:
        await device.answers(True)
        await route.continue_()

    asks = "**/api/v1/sign-in/passkey/options"
    await device.answers(False)
    async with page.expect_response(asks):
        await page.goto(path)
    await page.route(asks, answered, times=1)
    await page.get_by_test_id("passkey-sign-in").click()


@every_reader
async def test_a_guest_makes_an_account_with_a_passkey_adds_an_address_and_removes_the_passkey(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    title = reader.says("account:passkeys.title")
    page = await visit()
    device = await Device.of(page)
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    chat = page.url

    await page.get_by_test_id("sign-in-link").click()
    await expect(page.get_by_test_id("passkey-sign-in")).to_be_visible()
    await looks_well(page)
    await page.get_by_test_id("passkey-account").click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await expect(page.get_by_test_id("only-passkeys")).to_contain_text(
        reader.says("account:passkeys.onlyWay.title")
    )
    await expect(page.get_by_test_id("passkey")).to_have_count(1)
    await looks_well(page)
    await page.get_by_test_id("remove-passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text(reader.says("account:problem.last_way_in"))
    await looks_well(page)

    await page.get_by_test_id("sign-out").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    await press_the_button(page, device, "/sign-in?next=/account")
    await expect(page.get_by_test_id("only-passkeys")).to_be_visible()
    await page.goto(chat)
    await expect(page.get_by_test_id("vote-a")).to_be_enabled()

    await page.goto("/account")
    await page.get_by_test_id("add-address").click()
    await looks_well(page)
    await page.get_by_test_id("sign-in-email").fill(ANN)
    await page.get_by_test_id("send-link").click()
    await page.goto(link_in(await mail.letter_to(ANN)))
    await expect(page.get_by_test_id("confirm-sign-in")).to_contain_text(ANN)
    await looks_well(page)
    await page.get_by_test_id("confirm-sign-in").click()
    await expect(page.get_by_test_id("signed-in-as")).to_contain_text(ANN)
    await expect(page.get_by_test_id("only-passkeys")).to_have_count(0)
    await expect(page.get_by_test_id("way")).to_contain_text(ANN)
    await expect(page.get_by_test_id("remove-way")).to_have_count(1)

    await page.get_by_test_id("remove-passkey").press("Enter")
    await expect(page.get_by_test_id("passkey")).to_have_count(0)
    await expect(page.get_by_role("heading", name=title)).to_be_focused()
    await expect(page.get_by_test_id("remove-way")).to_have_count(0)  # nothing else opens the account now
    await looks_well(page)


@both_readers
async def test_a_passkey_brings_a_second_browser_s_chats_to_the_account(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    first, second = await visit(), await visit(reader.elsewhere)
    kept = await Device.of(first)
    await ask(first, "About lighthouses")
    await wait_until_votable(first)
    await sign_in_by_link(first, mail)
    await first.goto("/account")
    await first.get_by_test_id("add-passkey").click()
    await expect(first.get_by_test_id("passkeys-changed")).to_contain_text(
        reader.says("account:passkeys.added")
    )
    await expect(first.get_by_test_id("only-passkeys")).to_have_count(0)
    await first.get_by_test_id("add-passkey").click()
    await expect(first.get_by_role("alert")).to_contain_text(reader.says("account:passkeys.hasOne"))
    await looks_well(first)

    await ask(second, "About bridges")
    await wait_until_votable(second)
    synced = await Device.of(second)
    for key in await kept.keys():
        await synced.take(key)
    await press_the_button(second, synced, "/sign-in")
    await expect(second.get_by_test_id("account-link")).to_be_visible()
    await first.goto("/")
    await has_chats(first, 2)


@both_readers
async def test_a_passkey_is_offered_where_an_address_is_typed(visit: Visit, mail: FakeMail) -> None:
    page = await visit()
    await Device.of(page)
    await sign_in_by_link(page, mail)
    await page.goto("/account")
    await page.get_by_test_id("add-passkey").click()
    await expect(page.get_by_test_id("passkey")).to_have_count(1)
    await page.get_by_test_id("sign-out").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    # No button is pressed: the device answers what the field offers.
    await page.goto("/sign-in?next=/boards/text")
    await expect(page.get_by_test_id("account-link")).to_be_visible()
    await expect(page).to_have_url("/boards/text")


@both_readers
async def test_a_passkey_that_was_removed_says_so_and_what_nobody_chose_does_too(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    page = await visit()
    device = await Device.of(page)
    await sign_in_by_link(page, mail)
    await page.goto("/account")
    await page.get_by_test_id("add-passkey").click()
    await expect(page.get_by_test_id("passkey")).to_have_count(1)
    [key] = await device.keys()
    await page.get_by_test_id("remove-passkey").click()
    await expect(page.get_by_test_id("passkey")).to_have_count(0)
    await page.get_by_test_id("sign-out").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    # A browser that heard of it has removed it from the device, too; another device has not.
    await device.lose_all()
    await device.take(key)
    await press_the_button(page, device, "/sign-in")
    await expect(page.get_by_role("alert")).to_contain_text(
        reader.says("account:passkeys.problem.unknown_passkey")
    )
    await looks_well(page)

    await device.lose_all()
    await page.get_by_test_id("passkey-sign-in").click()
    await expect(page.get_by_role("alert")).to_contain_text(reader.says("account:passkeys.notDone"))
    await looks_well(page)


@both_readers
async def test_without_a_mail_server_passkeys_are_the_way_in(
    browser: Browser, database_url: str, reader: Reader
) -> None:
    async with running_arena(database_url, host="0.0.0.0") as arena:
        in_figures = arena.base_url
        arena.base_url = in_figures.replace("127.0.0.1", "localhost")
        page = await browser.new_page(**of_a_reader(reader, arena))
        await page.goto("/sign-in")
        await expect(page.get_by_test_id("passkey-account")).to_have_text(
            reader.says("account:passkeys.makeAccount")
        )
        await expect(page.get_by_test_id("sign-in-email")).to_have_count(0)
        await looks_well(page)
        # At an address in figures browsers allow none.
        await page.goto(f"{in_figures}/sign-in")
        await expect(page.get_by_test_id("sign-in-off")).to_have_text(reader.says("account:signIn.off.text"))
        await page.close()
