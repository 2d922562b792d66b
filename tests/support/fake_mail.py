"""A mail server on loopback: it keeps what it is handed, and can refuse, stall and ask for a password."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class FakeMail:
    """What came in, and how the next letters are received."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.replies: list[str] = []
        """What the next letters are answered with, instead of being taken."""
        self.open = asyncio.Event()
        self.open.set()
        """While it is not set, letters are being received for ever."""
        self.logins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []
        self.tries = 0
        self._changed = asyncio.Condition()

    @property
    def settings(self) -> dict[str, Any]:
        """How an arena finds it."""
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": "none",
            "mail_sender": "arena@example.org",
        }

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        await self.open.wait()
        async with self._changed:
            self.tries += 1
            self.encrypted.append(session.ssl is not None)
            self._changed.notify_all()
            if self.replies:
                return self.replies.pop(0)
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"correct horse", handled=False)

    async def letter_to(self, address: str, number: int = 1) -> EmailMessage:
        """So-and-so-manieth letter to an address, once it is there."""

        def theirs() -> list[EmailMessage]:
            return [one for one in self.letters if one["To"] == address]

        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(theirs()) >= number)
        return theirs()[number - 1]

    async def tried(self, times: int) -> None:
        """Waits until so many letters were handed over, taken or not."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: self.tries >= times)


@asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: bool = False, password: bool = False
) -> AsyncIterator[FakeMail]:
    """A mail server until the block is left; with `tls` encrypted, from the start or by STARTTLS."""
    mail = FakeMail()

    def receive() -> SMTP:
        return SMTP(
            mail,
            hostname="localhost",
            tls_context=tls if starttls else None,
            require_starttls=starttls,
            auth_required=password,
            auth_require_tls=password,
            authenticator=mail.authenticate if password else None,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(receive, "127.0.0.1", 0, ssl=None if starttls else tls)
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        mail.open.set()
        server.close()
