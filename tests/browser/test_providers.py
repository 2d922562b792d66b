"""Signing in with a provider on the page: to a real OpenID server on another site, and back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import Visit, ask, looks_well, wait_until_votable
from tests.browser.conftest import brief_arena, shared_loop
from tests.browser.readers import Reader, both_readers, every_reader
from tests.support.arena import Arena
from tests.support.elsewhere import sign_in_file
from tests.support.fake_mail import FakeMail, mail_server
from tests.support.openid_server import CLIENT, SECRET, issuer_of, listening, openid_server
from tests.support.signing_in import ANN, link_in

pytestmark = pytest.mark.browser

COMPANY = {"en": "Example & Sons", "zh": "示例公司"}


@shared_loop
async def mail() -> AsyncIterator[FakeMail]:
    async with mail_server() as server:
        yield server


@shared_loop
async def arena(
    database_url: str, mail: FakeMail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Arena]:
    """An arena with a provider, and one that is out of reach."""
    monkeypatch.setenv("COMPANY_SECRET", SECRET)
    listener = listening()
    company = {
        "slug": "company",
        "name": COMPANY,
        "issuer": issuer_of(listener),
        "client_id": CLIENT,
        "client_secret_env": "COMPANY_SECRET",
    }
    gone = {"slug": "gone", "name": "Gone", "issuer": "http://127.0.0.1:9", "client_id": CLIENT}
    path = sign_in_file(tmp_path, company, gone)
    async with brief_arena(database_url, sign_in_file=path, **mail.settings) as running:
        back = f"{running.base_url}/api/v1/sign-in/providers/company/callback"
        async with openid_server(listener, back):
            await running.enter(running.entry("swift", name="Swift 1"), running.entry("calm", name="Calm 2"))
            yield running


async def through_the_form(page: Page, login: str = "ann") -> None:
    await expect(page).to_have_title("Elsewhere")
    await page.get_by_role("textbox").fill(login)
    await page.get_by_test_id("go").click()


async def sign_in_by_mail(page: Page, mail: FakeMail) -> None:
    await page.goto("/sign-in")
    await page.get_by_test_id("sign-in-email").fill(ANN)
    await page.get_by_test_id("send-link").click()
    await expect(page.get_by_test_id("link-sent")).to_be_visible()
    await page.goto(link_in(await mail.letter_to(ANN)))
    await page.get_by_test_id("confirm-sign-in").click()
    await expect(page.get_by_test_id("account-link")).to_be_visible()


def company_to(reader: Reader) -> str:
    """What the provider is called to them."""
    return COMPANY[reader.locale[:2]]


@every_reader
async def test_a_guest_goes_to_the_provider_and_comes_back_with_their_chat(
    visit: Visit, reader: Reader
) -> None:
    page = await visit()
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    chat = page.url

    await page.get_by_test_id("sign-in-link").click()
    button = page.get_by_role("button", name=reader.says("account:signIn.with", name=company_to(reader)))
    await expect(button).to_be_enabled()
    await looks_well(page)
    await button.click()
    await expect(page).to_have_title("Elsewhere")
    await page.get_by_test_id("cancel").click()
    await expect(page.get_by_role("alert")).to_contain_text(reader.says("account:problem.provider_refused"))
    await looks_well(page)

    await button.press("Enter")
    await through_the_form(page)
    await expect(page.get_by_role("heading", name="About lighthouses")).to_be_attached()
    assert page.url == chat

    await page.get_by_test_id("account-link").click()
    await expect(page.get_by_role("heading", name=reader.says("account:ways.title"))).to_be_visible()
    await expect(page.get_by_test_id("way")).to_have_count(1)
    await expect(page.get_by_test_id("way")).to_contain_text(company_to(reader))
    await expect(page.get_by_test_id("way")).to_contain_text(ANN)
    await expect(page.get_by_test_id("remove-way")).to_have_count(0)  # nothing else would open the account
    await looks_well(page)


@both_readers
async def test_a_provider_is_connected_and_a_way_removed(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    page = await visit()
    await sign_in_by_mail(page, mail)
    await page.goto("/account")
    await expect(page.get_by_test_id("way")).to_have_count(1)
    await expect(page.get_by_test_id("provider-company")).to_have_text(
        reader.says("account:ways.connect", name=company_to(reader))
    )
    await page.get_by_test_id("provider-company").click()
    await through_the_form(page)
    await expect(page.get_by_test_id("way")).to_have_count(2)
    await expect(page.get_by_test_id("provider-company")).to_have_count(0)
    await looks_well(page)

    await page.get_by_test_id("remove-way").nth(1).press("Enter")
    await expect(page.get_by_test_id("really-remove-way")).to_be_focused()
    await looks_well(page)
    await page.get_by_test_id("really-remove-way").press("Enter")
    await expect(page.get_by_test_id("way")).to_have_count(1)
    await expect(page.get_by_role("heading", name=reader.says("account:ways.title"))).to_be_focused()
    await expect(page.get_by_test_id("way-removed")).to_have_text(
        reader.says("account:ways.removed", way=company_to(reader))
    )
    await expect(page.get_by_test_id("provider-company")).to_be_enabled()
    await looks_well(page)


@both_readers
async def test_what_opens_another_account_says_so(visit: Visit, mail: FakeMail, reader: Reader) -> None:
    first, second = await visit(), await visit()
    await first.goto("/sign-in")
    await first.get_by_test_id("provider-company").click()
    await through_the_form(first)
    await expect(first.get_by_test_id("account-link")).to_be_visible()
    await sign_in_by_mail(second, mail)
    await second.goto("/account")
    await second.get_by_test_id("provider-company").click()
    await through_the_form(second)
    await expect(second.get_by_test_id("sent-back")).to_contain_text(
        reader.says("account:problem.identity_taken")
    )
    await looks_well(second)


@both_readers
async def test_all_tabs_of_a_browser_follow(visit: Visit) -> None:
    page = await visit()
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    other = await page.context.new_page()
    await other.goto("/sign-in")
    await other.get_by_test_id("provider-company").click()
    await through_the_form(other)
    for tab in (other, page):
        await expect(tab.get_by_test_id("account-link")).to_be_visible()


@both_readers
async def test_a_provider_that_is_out_of_reach_is_said_to_be(visit: Visit, reader: Reader) -> None:
    page = await visit()
    await page.goto("/sign-in")
    await page.get_by_test_id("provider-gone").click()
    await expect(page.get_by_role("alert")).to_contain_text(
        reader.says("account:problem.provider_unavailable")
    )
    await expect(page.get_by_test_id("provider-company")).to_be_enabled()
    await looks_well(page)


@both_readers
async def test_who_turns_back_on_the_way_can_set_out_again(visit: Visit) -> None:
    page = await visit()
    await page.goto("/sign-in")
    await page.get_by_test_id("provider-company").click()
    await expect(page).to_have_title("Elsewhere")
    await page.go_back()
    await expect(page.get_by_test_id("provider-company")).to_be_enabled()
    await page.get_by_test_id("provider-company").click()
    await through_the_form(page)
    await expect(page.get_by_test_id("account-link")).to_be_visible()
