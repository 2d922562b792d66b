"""Sending letters beside the requests that cause them: nobody waits for a mail server."""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Self

import aiosmtplib
import structlog

from evenhand.accounts.letters import Letter, domain_of
from evenhand.accounts.links import VALID
from evenhand.core.errors import Unavailable
from evenhand.core.settings import Settings

_log = structlog.get_logger()

PAUSES = (5.0, 30.0, 120.0)
"""Seconds before each further try."""
AT_ONCE = 4
"""How many letters are being handed over at once."""
USEFUL = VALID.total_seconds() - 60
"""Seconds after which a letter is not handed over any more: its link would hardly be found in time."""
WAITING = 200
"""How many may be on their way; further ones are refused before anything is written."""
_ANSWER_SECONDS = 10.0
_LETTER_SECONDS = 30.0
_LAST_SECONDS = 5.0

Deliver = Callable[[Letter], Awaitable[None]]


class Post:
    """Sends letters until the block is left; then those that are being handed over have some seconds left.

    A letter that cannot be sent is given up, and the log says why, but not to whom: its person sees that none
    comes and asks again.
    """

    def __init__(self, deliver: Deliver, pauses: Sequence[float] = PAUSES, useful: float = USEFUL) -> None:
        self._deliver = deliver
        self._useful = useful
        self._pauses = pauses
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._letters: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End; what waits for another try is given up after `_LAST_SECONDS`."""
        if self._letters:
            await asyncio.wait(self._letters, timeout=_LAST_SECONDS)
            for letter in self._letters:
                letter.cancel()
            await asyncio.gather(*self._letters, return_exceptions=True)

    def check_room(self) -> None:
        """Raise `Unavailable` when so many letters are on their way that one more would not get away."""
        if len(self._letters) >= WAITING:
            raise Unavailable(
                "mail_busy", "Too many mails wait to be sent; try again in a minute.", retry_after=60
            )

    def send(self, letter: Letter) -> None:
        """Send a letter soon."""
        task = asyncio.create_task(self._send(letter))
        self._letters.add(task)
        task.add_done_callback(self._letters.discard)

    async def _send(self, letter: Letter) -> None:
        begun = asyncio.get_running_loop().time()
        for tries, pause in enumerate((*self._pauses, None), start=1):
            try:
                async with self._turns:
                    if asyncio.get_running_loop().time() - begun > self._useful:
                        _log.error("mail_not_sent", reason="TooLate", tries=tries - 1)
                        return
                    await self._deliver(letter)
            except Exception as error:
                _log.error("mail_not_sent", reason=_reason(error), tries=tries)
                if pause is None or _is_final(error):
                    return
                await asyncio.sleep(pause)
            else:
                return


def smtp_deliver(settings: Settings, context: ssl.SSLContext | None = None) -> Deliver:
    """What hands a letter to the mail server of the settings. `context` says which certificates are good."""
    assert settings.smtp_host is not None, "there is a mail server"
    assert settings.mail_sender is not None, "the settings were checked"
    sender = settings.mail_sender
    password = settings.smtp_password

    async def deliver(letter: Letter) -> None:
        async with asyncio.timeout(_LETTER_SECONDS):
            await aiosmtplib.send(
                letter.message(sender),
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=None if password is None else password.get_secret_value(),
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                local_hostname=domain_of(sender),  # else it asks the name service, and everybody waits
                tls_context=context,
                timeout=_ANSWER_SECONDS,
            )

    return deliver


def console_deliver(say: Callable[[str], object]) -> Deliver:
    """What writes a letter's link where the operator sees it."""

    async def deliver(letter: Letter) -> None:
        with contextlib.suppress(OSError):  # nobody reads it any more
            say(letter.line())

    return deliver


def _codes(error: Exception) -> list[int]:
    refusals = error.recipients if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else [error]
    return [one.code for one in refusals if isinstance(one, aiosmtplib.SMTPResponseException)]


def _is_final(error: Exception) -> bool:
    """Whether the mail server would say the same again."""
    codes = _codes(error)
    if codes:
        return all(code >= 500 for code in codes)
    return not isinstance(error, aiosmtplib.SMTPException | OSError) or isinstance(
        error, aiosmtplib.SMTPNotSupported
    )


def _reason(error: Exception) -> str:
    """What kind of error it was, and what caused it; their texts may hold the address."""
    causes = [error.__cause__ or error.__context__]
    named = [type(one).__name__ for one in (error, *causes) if one is not None]
    return " ".join([*named, *map(str, _codes(error))])
