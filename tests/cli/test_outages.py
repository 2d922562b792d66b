"""`evenhand contestants outages` tells whoever is at the machine who was not drawn when."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from evenhand.battles.outages import FAILURES, FIRST_PROBE, Probes
from evenhand.cli import main
from evenhand.core.clock import now
from evenhand.gateway import Gateway
from tests.support.arena import Arena, running_arena
from tests.support.fake_provider import Scenario
from tests.support.watch import Watch

Outages = Callable[..., Awaitable[str]]


@pytest.fixture
async def arena(database_url: str, watch: Watch) -> AsyncIterator[Arena]:
    watch.time = now()  # the command has no other
    async with running_arena(database_url, clock=watch) as arena:
        yield arena


@pytest.fixture
def outages(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Outages:
    """Runs the command beside the test's own event loop."""
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "120")

    def call() -> None:
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code

    async def run(*options: str) -> str:
        monkeypatch.setattr(sys, "argv", ["evenhand", "contestants", "outages", *options])
        capsys.readouterr()  # the arena's log is another matter
        await asyncio.to_thread(call)
        return capsys.readouterr().out

    return run


async def test_an_outage_is_told_with_its_reason_while_it_lasts_and_after_it(
    arena: Arena, outages: Outages, watch: Watch
) -> None:
    broken = Scenario(text="word " * 100, cut_after_bytes=2_000)
    await arena.enter(arena.entry("swift"), arena.entry("calm"), arena.entry("broken", broken))
    assert await outages() == "Everyone could be drawn in the last 30 days.\n"
    voter = arena.voter()
    while sum(call.model.startswith("broken") for call in arena.provider.calls) < FAILURES:
        await voter.battle()
    _, lasting = (await outages()).splitlines()
    assert lasting.split()[0] == "broken"
    assert "it lasts" in lasting
    assert lasting.split()[-2:] == ["failed", "0"]
    broken.cut_after_bytes = None
    watch.time += FIRST_PROBE + timedelta(seconds=1)
    async with Gateway() as gateway:
        await Probes(arena.database, gateway, watch).probe()
    _, over = (await outages("--days", "1")).splitlines()
    assert "it lasts" not in over
    assert over.split()[-6:] == ["0", "min", "31", "s", "failed", "1"]
