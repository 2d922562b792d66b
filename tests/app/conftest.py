"""A house for the tests of whole processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evenhand.storage.embedded import EmbeddedPostgres
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with FakeProvider() as provider:
        provider.scenarios = {name: Scenario(text=f"{name} answers") for name in ("swift", "calm")}
        yield House(tmp_path, provider)
    # A test may have left the server of a killed arena behind: the next owner adopts it, and ends it.
    if (tmp_path / "data" / "postgresql").exists():
        EmbeddedPostgres.start(tmp_path / "data").stop()
