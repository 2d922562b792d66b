"""The drill: an arena in use is backed up, its machine is lost, and it goes on elsewhere from the file."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from evenhand.storage.embedded import EmbeddedPostgres, attach
from tests.app.backup.rows import rows
from tests.support.arena import Heard, Voter, begun, settled, text_of
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.house import House
from tests.support.process import lapse_leases

NAMES = ("calm", "swift")
GAPS = "SELECT day FROM draw GROUP BY day HAVING count(*) <> max(counter) - min(counter) + 1"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with FakeProvider() as provider:
        provider.scenarios = {name: Scenario(text=f"{name} answers at length") for name in NAMES}
        yield House(tmp_path, provider)


async def board(voter: Voter) -> object:
    """The live board without its time."""
    return (await voter.call("GET", "/boards/text")).body | {"updated_at": None}


def assert_answered(heard: Sequence[Heard]) -> None:
    assert sorted(text_of(heard, side) for side in "ab") == [f"{name} answers at length" for name in NAMES]


async def test_an_arena_goes_on_from_its_back_up(house: House, tmp_path: Path) -> None:
    file, elsewhere = str(tmp_path / "arena.tar"), str(tmp_path / "elsewhere")
    calm, swift = house.provider.scenarios.values()
    async with house.up() as started:
        voter = started.voter
        voted, first = await voter.battle()
        await voter.vote(first["battle_id"], "b")
        waiting, second = await voter.battle("And why is it red?")
        swift.stall_after = calm.stall_after = 2
        streaming = await voter.begin()
        asked = await voter.ask(streaming)
        await voter.hear(streaming, begun)
        code, said = await house.run("backup", file)
        assert (code, said[:49]) == (0, "Backed up 3 conversations, 3 battles and 1 vote o"), said
        shown = await board(voter)

        # What comes after the back-up is lost; that the page has seen it must do no harm.
        swift.released.set(), calm.released.set()
        await voter.hear(streaming, settled)
        swift.stall_after = calm.stall_after = None
        for _ in range(3):
            await voter.ask(waiting, "Once more?")
            heard = await voter.hear(waiting, settled)
        seen, cookie = heard[-1].id, voter.cookie
        assert (await house.run("backup", file))[0] == 2  # it is there already
        code, said = await house.run("restore", file, "--replace")
        assert (code, said.count("\n")) == (1, 1), said
        assert "An arena runs on" in said

    code, said = await house.run("restore", file, EVENHAND_DATA=elsewhere)
    assert (code, said[:48]) == (0, "Restored 3 conversations, 3 battles and 1 vote, "), said
    with EmbeddedPostgres.start(Path(elsewhere)) as postgres:
        await lapse_leases(postgres.url)

    async with house.up(EVENHAND_DATA=elsewhere) as started:
        voter = started.voter
        voter.cookie = cookie
        assert await board(voter) == shown
        battle = (await voter.read(voted))["battles"][0]
        assert (battle["status"], battle["vote"]["choice"]) == ("revealed", "b")

        await voter.hear_through(streaming)
        responses = (await voter.read(streaming))["turns"][0]["responses"]
        assert [one["error"] for one in responses] == ["interrupted", "interrupted"]
        await voter.call("POST", f"/turns/{asked['id']}/retry")
        retried = await voter.hear(streaming, settled)
        assert retried[-1].data["status"] == "ready"

        async with voter.follow(waiting, seen) as listener:
            assert_answered(await listener.until(settled))
        since = set()
        while not since or heard[-1].id <= seen:  # until numbers are given that the reader has seen
            since.add((await voter.ask(waiting, "What is it at night?"))["id"])
            heard = await voter.hear(waiting, settled)
        async with voter.follow(waiting, seen) as listener:
            again = await listener.until(lambda event: settled(event) and event.id >= heard[-1].id)
        assert since <= {event.data["turn_id"] for event in again if event.kind == "delta"}

        answered = await voter.vote(second["battle_id"], "tie")
        assert (answered.status, {one["slug"] for one in answered.body["reveal"].values()}) == (
            200,
            {"swift", "calm"},
        )
        url = attach(Path(elsewhere))
        assert url is not None
        assert rows(url, GAPS) == []


async def test_an_arena_that_does_not_run_is_backed_up_and_restored_in_its_place(
    house: House, tmp_path: Path
) -> None:
    file = str(tmp_path / "arena.tar")
    async with house.up() as started:
        voter, cookie = started.voter, None
        conversation, asked = await voter.battle()
        cookie = voter.cookie
    assert (await house.run("backup", file))[0] == 0
    async with house.up() as started:
        started.voter.cookie = cookie
        await started.voter.vote(asked["battle_id"])
    code, said = await house.run("restore", file)
    assert (code, said.count("\n")) == (1, 1), said
    assert "1 conversation, 1 battle and 1 vote would be lost" in said
    assert (await house.run("restore", file, "--replace"))[0] == 0
    async with house.up() as started:
        started.voter.cookie = cookie
        assert (await started.voter.read(conversation))["battles"][0]["status"] == "ready"
        assert (await started.voter.vote(asked["battle_id"])).status == 200
