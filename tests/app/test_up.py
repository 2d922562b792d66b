"""`evenhand up` as people run it: a process with its own data directory, killed, started again, spoken to."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from evenhand.storage.embedded import EmbeddedPostgres
from tests.support.arena import Answered, Voter, settled
from tests.support.fake_provider import FakeProvider, Scenario

COMMAND = Path(sys.executable).with_name("evenhand")


class Started(NamedTuple):
    process: asyncio.subprocess.Process
    voter: Voter
    said: str


class House:
    """A data directory, a catalogue, and the environment that names both."""

    def __init__(self, folder: Path, provider: FakeProvider) -> None:
        self.data = folder / "data"
        self.catalogue = folder / "catalogue.yaml"
        self.catalogue.write_text(
            yaml.safe_dump(
                {
                    "contestants": [
                        {
                            "slug": name,
                            "name": name.title(),
                            "endpoint": {"kind": "openai", "base_url": provider.base_url, "model": name},
                            "price": {"input": 1, "output": 2},
                        }
                        for name in ("swift", "calm")
                    ]
                }
            )
        )
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")
        } | {
            "EVENHAND_DATA": str(self.data),
            "EVENHAND_CATALOGUE": str(self.catalogue),
            "EVENHAND_PORT": "0",
        }

    async def run(self, *words: str, **more: str) -> tuple[int, str]:
        """A command to its end: its exit code, and all that it said."""
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *words,
            env=self.environment | more,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(60):
            said = (await process.communicate())[0].decode()
        assert process.returncode is not None
        return process.returncode, said

    @asynccontextmanager
    async def up(self, **more: str) -> AsyncIterator[Started]:
        process = await asyncio.create_subprocess_exec(
            COMMAND, "up", env=self.environment | more, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        said = ""
        try:
            async with asyncio.timeout(60):
                while not said.rpartition("Open http")[1]:
                    line = (await process.stdout.readline()).decode()
                    assert line, f"it ended: {said}"
                    said += line
            async with Voter(said.rpartition("Open ")[2].strip()) as voter:
                yield Started(process, voter, said)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def eventually(ask: Callable[[], Awaitable[Answered]]) -> Answered:
    """The answer once there is one: another process has to notice first."""
    async with asyncio.timeout(20):
        while (answered := await ask()).status == 404:  # noqa: ASYNC110 - nothing here to be waited for
            await asyncio.sleep(0.1)
    return answered


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with FakeProvider() as provider:
        provider.scenarios = {name: Scenario(text=f"{name} answers") for name in ("swift", "calm")}
        yield House(tmp_path, provider)
    # A test may have left the server of a killed arena behind: the next owner adopts it, and ends it.
    if (tmp_path / "data" / "postgresql").exists():
        EmbeddedPostgres.start(tmp_path / "data").stop()


async def test_the_start_says_who_competes_what_may_cost_and_where_it_is(house: House) -> None:
    async with house.up() as started:
        assert (await started.voter.call("GET", "/health")).body["status"] == "ok"
        for word in ("Swift (swift)", "may cost money", "At most 5 USD a day", str(house.data)):
            assert word in started.said
        boards = (await started.voter.call("GET", "/boards")).body["boards"]
        assert [(one["slug"], one["kind"]) for one in boards] == [
            ("text", "live"),
            ("chatbot-arena-2024-08", "imported"),
        ]
        imported = (await started.voter.call("GET", "/boards/chatbot-arena-2024-08")).body
        assert imported["votes"] == 1_670_250
        assert imported["updated_at"].startswith("2024-08-14")


async def test_after_sigkill_the_next_start_has_every_vote_and_no_answer_in_flight(house: House) -> None:
    async with house.up() as started:
        conversation, asked = await started.voter.battle()
        assert (await started.voter.vote(asked["battle_id"])).status == 200
        cookie = started.voter.cookie
        started.process.kill()
        await started.process.wait()
    async with house.up() as started:
        started.voter.cookie = cookie
        battle = (await started.voter.read(conversation))["battles"][0]
        assert (battle["status"], battle["vote"]["choice"]) == ("revealed", "a")
        assert (await started.voter.call("GET", "/boards/text")).body["votes"] == 1


async def test_sigterm_ends_it_and_its_database(house: House) -> None:
    async with house.up() as started:
        conversation, _ = await started.voter.battle()
        async with started.voter.follow(conversation):  # an open stream does not hold it back
            started.process.terminate()
            async with asyncio.timeout(15):
                assert await started.process.wait() == 0
    assert not (house.data / "postgresql" / "postmaster.pid").exists()


async def test_a_second_start_on_the_same_data_is_one_sentence_and_exit_code_1(house: House) -> None:
    async with house.up():
        code, said = await house.run("up")
    assert code == 1
    assert len(said.strip().splitlines()) == 1
    assert "runs on" in said


async def test_a_port_that_is_taken_is_one_sentence_and_exit_code_1(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = await house.run("up", EVENHAND_PORT=port)
    assert code == 1
    assert said.startswith(f"evenhand: Port {port}")
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("EVENHAND_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("EVENHAND_DATABASE_URL", "mysql://localhost/x", "needs PostgreSQL"),
        ("EVENHAND_DAILY_BUDGET_USD", "plenty", "EVENHAND_DAILY_BUDGET_USD"),
        ("EVENHAND_PORT", "123456", "EVENHAND_PORT"),
        ("EVENHAND_DATA", "/dev/null/data", "EVENHAND_DATA"),
        ("EVENHAND_CATALOGUE", "/nowhere/catalogue.yaml", "/nowhere/catalogue.yaml"),
        ("EVENHAND_LOG_LEVEL", "loud", "EVENHAND_LOG_LEVEL"),
    ],
)
async def test_a_wrong_setting_is_one_sentence_and_exit_code_1(
    house: House, variable: str, value: str, words: str
) -> None:
    code, said = await house.run("up", **{variable: value})
    assert code == 1
    assert words in said
    assert len(said.strip().splitlines()) == 1, said


async def test_an_error_in_the_catalogue_stops_the_start_with_file_line_and_field(house: House) -> None:
    house.catalogue.write_text(house.catalogue.read_text().replace("input: 1", "input: cheap", 1))
    code, said = await house.run("up")
    assert code == 1
    assert str(house.catalogue) in said
    assert "line" in said
    assert "price.input" in said


async def test_pause_and_resume_reach_the_running_arena(house: House) -> None:
    async with house.up() as started:
        conversation, _ = await started.voter.battle()
        question = {"parts": [{"type": "text", "text": "And?"}]}
        path = f"/conversations/{conversation}/turns"
        assert (await house.run("pause"))[0] == 0
        assert (await started.voter.call("POST", path, question)).body["code"] == "paused"
        assert (await house.run("resume"))[0] == 0
        assert (await started.voter.call("POST", path, question)).status == 202
        await started.voter.hear(conversation, settled)


async def test_pausing_what_does_not_run_says_so(house: House) -> None:
    code, said = await house.run("pause")
    assert code == 1
    assert "No arena runs on" in said


async def test_an_imported_file_becomes_a_board_of_the_running_arena(house: House, tmp_path: Path) -> None:
    file = tmp_path / "spring.csv"
    file.write_text("model_a,model_b,winner\nx,y,model_a\ny,x,tie\nx,z,model_b\nz,y,both_bad\n")
    async with house.up() as started:
        code, said = await house.run("import", str(file), "--name", "Spring 2026", "--source", "A study")
        assert code == 0, said
        assert "/boards/spring-2026" in said
        board = await eventually(lambda: started.voter.call("GET", "/boards/spring-2026"))
        assert (board.body["votes"], board.body["kind"]) == (4, "imported")
        assert board.body["source"]["name"] == "A study"
        broken = tmp_path / "broken.csv"
        broken.write_text("model_a,model_b,winner\nx,y,maybe\n")
        code, said = await house.run("import", str(broken))
        assert code == 2
        assert "maybe" in said
