import time
from collections.abc import AsyncIterator

import pytest

from evenhand.gateway import Gateway
from evenhand.gateway.kinds import KINDS
from evenhand.gateway.queues import Queues
from tests.support.fake_provider import FakeProvider


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of endpoint in turn: what a test says of the gateway holds for all of them."""
    return str(request.param)


@pytest.fixture
async def provider(kind: str) -> AsyncIterator[FakeProvider]:
    async with FakeProvider(kind=kind) as running:
        yield running


@pytest.fixture
async def waits() -> list[float]:
    """The back-offs that the gateway asked for; none of them is really waited."""
    return []


@pytest.fixture
async def gateway(waits: list[float]) -> AsyncIterator[Gateway]:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    queues = Queues(clock=lambda: time.monotonic() + sum(waits))
    async with Gateway(queues, sleep=sleep, random=lambda: 0.5) as opened:
        yield opened
