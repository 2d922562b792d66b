"""A house for the faults of whole processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.house import House, housed


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with housed(tmp_path) as house:
        yield house
