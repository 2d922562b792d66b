"""What the tests of signing in share: an arena with a mail server, whose time is the test's."""

from collections.abc import AsyncIterator

import pytest

from tests.support.arena import running_arena
from tests.support.fake_mail import FakeMail, mail_server
from tests.support.signing_in import Town
from tests.support.watch import Watch


@pytest.fixture
async def mail() -> AsyncIterator[FakeMail]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def town(database_url: str, watch: Watch, mail: FakeMail) -> AsyncIterator[Town]:
    async with running_arena(database_url, clock=watch, **mail.settings) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        yield Town(arena, mail)
