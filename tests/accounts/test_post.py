"""Letters reach the mail server: encrypted, signed in, again after a fault, and in the reader's language."""

import asyncio
import ssl
from contextlib import redirect_stdout
from email.message import EmailMessage
from io import StringIO
from typing import Any

import pytest
import trustme

from evenhand.accounts import post
from evenhand.accounts.letters import Letter
from evenhand.accounts.post import Post, smtp_deliver
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings, load_settings
from tests.support.arena import running_arena
from tests.support.fake_mail import FakeMail, mail_server
from tests.support.signing_in import ANN, Town, link_in

LINK = "https://arena.example.org/sign-in/link#token"
LETTER = Letter(ANN, "en", LINK, "Stoa")


def settings_for(mail: FakeMail, **more: Any) -> Settings:
    return Settings(**mail.settings | more)


async def sent(mail: FakeMail, letter: Letter = LETTER, **more: Any) -> EmailMessage:
    context = more.pop("context", None)
    async with Post(smtp_deliver(settings_for(mail, **more), context), pauses=()) as office:
        office.send(letter)
        return await mail.letter_to(ANN)


async def test_a_letter_says_who_sends_it_what_for_and_the_link(mail: FakeMail) -> None:
    letter = await sent(mail)
    assert (letter["From"], letter["To"]) == ("Stoa <arena@example.org>", ANN)
    assert letter["Subject"] == "Sign in to Stoa"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.org>")
    assert link_in(letter) == LINK
    assert "15 minutes" in letter.get_content()
    assert letter.get_content_type() == "text/plain"


async def test_a_chinese_letter_is_chinese(mail: FakeMail) -> None:
    letter = await sent(mail, Letter(ANN, "zh", LINK, "Evenhand"), mail_sender="举手 <arena@example.org>")
    assert letter["From"].addresses[0].display_name == "举手"
    assert letter["Subject"] == "登录举手"
    assert link_in(letter) == LINK
    assert "15 分钟" in letter.get_content()


async def test_a_chinese_letter_parts_a_latin_name_from_the_word_before_it(mail: FakeMail) -> None:
    letter = await sent(mail, Letter(ANN, "zh", LINK, "Stoa"))
    assert letter["Subject"] == "登录 Stoa"
    assert "即可登录 Stoa：" in letter.get_content()


async def test_a_name_with_a_line_feed_begins_no_header(mail: FakeMail) -> None:
    letter = await sent(mail, Letter(ANN, "en", LINK, "Stoa\nBcc: bob@example.org"))
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Sign in to Stoa Bcc: bob@example.org"


async def test_a_letter_is_written_in_the_language_of_the_page(town: Town) -> None:
    await town.ask(town.voter(), language="zh")
    assert (await town.mail.letter_to(ANN))["Subject"] == "登录举手"


@pytest.fixture
def trusted() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and that of a client who trusts it."""
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_letters_go_encrypted_and_signed_in(
    trusted: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    server, client = trusted
    starttls = security == "starttls"
    async with mail_server(tls=server, starttls=starttls, password=starttls) as mail:
        login = {"smtp_user": "arena", "smtp_password": "correct horse"} if starttls else {}
        await sent(mail, smtp_security=security, context=client, **login)
        assert mail.encrypted == [True] if starttls else mail.letters
        assert mail.logins == ([("arena", "correct horse")] if starttls else [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_nothing_is_sent_to_a_server_that_nobody_vouches_for(
    trusted: tuple[ssl.SSLContext, ssl.SSLContext], security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = trusted
    async with mail_server(tls=server, starttls=security == "starttls") as mail:
        async with Post(smtp_deliver(settings_for(mail, smtp_security=security)), pauses=()) as office:
            office.send(LETTER)
        assert mail.tries == 0


async def test_a_server_that_cannot_encrypt_gets_nothing(mail: FakeMail) -> None:
    async with Post(smtp_deliver(settings_for(mail, smtp_security="starttls")), pauses=()) as office:
        office.send(LETTER)
    assert mail.tries == 0


async def test_a_letter_is_tried_again_after_a_passing_fault(mail: FakeMail) -> None:
    mail.replies = ["451 try later", "421 closing"]
    async with Post(smtp_deliver(settings_for(mail)), pauses=(0, 0)) as office:
        office.send(LETTER)
        await mail.letter_to(ANN)
    assert mail.tries == 3


async def test_a_letter_whose_link_has_expired_meanwhile_is_not_sent(mail: FakeMail) -> None:
    said = StringIO()
    with redirect_stdout(said):
        async with Post(smtp_deliver(settings_for(mail)), pauses=(0,), useful=-1) as office:
            office.send(LETTER)
    assert mail.tries == 0
    assert "TooLate" in said.getvalue()


async def test_a_letter_that_is_refused_for_good_is_not_tried_again_and_the_log_names_nobody(
    mail: FakeMail,
) -> None:
    mail.replies = [f"550 no such user {ANN}"] * 3
    said = StringIO()
    with redirect_stdout(said):
        async with Post(smtp_deliver(settings_for(mail)), pauses=(0, 0)) as office:
            office.send(LETTER)
    assert mail.tries == 1
    assert "mail_not_sent" in said.getvalue()
    assert "550" in said.getvalue()
    assert ANN not in said.getvalue()
    assert LINK not in said.getvalue()


async def test_while_the_mail_server_stalls_a_letter_too_many_is_refused_before_anything_is_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "WAITING", 2)
    town.mail.open.clear()
    answers = [await town.ask(town.voter(), f"a{number}@example.org") for number in range(3)]
    assert [one.status for one in answers] == [202, 202, 503]
    assert answers[2].body["code"] == "mail_busy"
    assert answers[2].headers["Retry-After"] == "60"
    town.mail.open.set()
    for number in range(2):
        await town.mail.letter_to(f"a{number}@example.org")


async def test_a_mail_server_that_is_away_does_not_show_to_who_asks(database_url: str) -> None:
    async with mail_server() as gone:
        settings = gone.settings
    async with running_arena(database_url, **settings) as arena:
        asked = await arena.voter().call("POST", "/sign-in/links", {"email": ANN})
        assert (asked.status, asked.body) == (202, {"valid_seconds": 900, "sent_by": "mail"})


async def test_an_arena_that_ends_lets_a_letter_on_its_way_arrive(mail: FakeMail) -> None:
    mail.open.clear()
    office = Post(smtp_deliver(settings_for(mail)), pauses=())
    async with office:
        office.send(LETTER)
        asyncio.get_running_loop().call_later(0.05, mail.open.set)
    assert len(mail.letters) == 1


_SENDERS = "arena@example.org or Arena <arena@example.org>"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "EVENHAND_MAIL_SENDER must be set where EVENHAND_SMTP_HOST is."),
        (
            {"SMTP_HOST": "mail.example.org", "MAIL_SENDER": "a@example.org", "SMTP_USER": "arena"},
            "EVENHAND_SMTP_USER and EVENHAND_SMTP_PASSWORD must be set together, or neither.",
        ),
        (
            {
                "SMTP_HOST": "mail.example.org",
                "MAIL_SENDER": "a@example.org",
                "SMTP_USER": "arena",
                "SMTP_PASSWORD": "secret",
                "SMTP_SECURITY": "none",
            },
            'EVENHAND_SMTP_SECURITY must be "starttls" or "tls": the password would be sent unencrypted.',
        ),
        *(
            ({"MAIL_SENDER": sender}, f"EVENHAND_MAIL_SENDER must be an address such as {_SENDERS}.")
            for sender in (
                "Stoa",
                "arena@example.org.",
                "Arena arena@example.org",
                "a..b@example.org",
                "arena@exa mple.org",
                "arena@例子.中国",
            )
        ),
        ({"ADDRESS_KEY": "x" * 31}, "EVENHAND_ADDRESS_KEY must have at least 32 characters."),
    ],
)
def test_settings_by_which_no_mail_would_arrive_are_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"EVENHAND_{name}", value)
    with pytest.raises(StartError) as refused:
        load_settings()
    assert str(refused.value) == said
