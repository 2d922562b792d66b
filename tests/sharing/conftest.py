"""An arena whose answers are known, and somebody who has voted in it."""

import pytest

from tests.sharing.acts import ANSWERS, Sharer
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario


@pytest.fixture
async def sharer(arena: Arena) -> Sharer:
    """Somebody in an arena with two contestants."""
    await arena.enter(
        *(
            arena.entry(slug, Scenario(text=text), name=f"{slug.title()} 7", organization=f"{slug} Labs")
            for slug, text in ANSWERS.items()
        )
    )
    return Sharer(arena, arena.voter())
