"""`evenhand up` as people run it: a process with its own data directory, killed, started again, spoken to."""

import asyncio
import signal
import socket
from contextlib import suppress
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.support.arena import Voter, begun, settled, text_of
from tests.support.house import House, eventually, heard, last_words


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


async def refused(voter: Voter) -> None:
    """Waits until the process begins nothing new, or is gone."""
    with suppress(aiohttp.ClientError):
        while (await voter.call("GET", "/health")).status == 200:
            pass


async def test_sigterm_lets_running_answers_end_and_takes_no_new_questions(house: House) -> None:
    for scenario in house.provider.scenarios.values():
        scenario.text, scenario.stall_after = "word " * 100, 50
    async with house.up() as started:
        conversation = await started.voter.begin()
        other = await started.voter.begin()
        await started.voter.ask(conversation)
        async with started.voter.follow(conversation) as listener:
            await listener.until(begun)
            started.process.terminate()
            await refused(started.voter)
            body = {"parts": [{"type": "text", "text": "And?"}]}
            answered = await started.voter.call("POST", f"/conversations/{other}/turns", body)
            assert (answered.status, answered.body["code"]) == (503, "restarting")
            assert answered.headers["Retry-After"] == "10"
            for scenario in house.provider.scenarios.values():
                scenario.released.set()
            heard = await listener.until(settled)
        assert text_of(heard, "a") == text_of(heard, "b") == "word " * 100
        await last_words(started.process)
        assert started.process.returncode == 0


@pytest.mark.parametrize(
    ("signals", "patience"),
    [([signal.SIGINT], "960"), ([signal.SIGTERM, signal.SIGTERM], "960"), ([signal.SIGTERM], "0.2")],
)
async def test_a_signal_ends_what_is_being_answered_as_interrupted_and_says_where_the_data_is(
    house: House, signals: list[signal.Signals], patience: str, capfd: pytest.CaptureFixture[str]
) -> None:
    for scenario in house.provider.scenarios.values():
        scenario.text, scenario.stall_after = "word " * 100, 50
    async with house.up(EVENHAND_DRAIN_SECONDS=patience) as started:
        conversation = await started.voter.begin()
        await started.voter.ask(conversation)
        await started.voter.hear(conversation, begun)
        cookie = started.voter.cookie
        for number in signals:
            started.process.send_signal(number)
            await refused(started.voter)
        said = await last_words(started.process)
        assert said == (
            f"Stopped. Your data is in {house.data}; start it again with the same command to go on.\n"
        )
        assert started.process.returncode == 0
        assert capfd.readouterr().err == ""
    async with house.up() as started:
        started.voter.cookie = cookie
        responses = (await started.voter.read(conversation))["turns"][0]["responses"]
        assert [one["error"] for one in responses] == ["interrupted", "interrupted"]


async def test_a_signal_before_it_is_open_ends_it_in_order_too(house: House) -> None:
    process = await house.start()
    try:
        await heard(process, "Evenhand ")
        process.terminate()
        said = await last_words(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert said.splitlines()[-1].startswith("Stopped. ")
    assert not (house.data / "postgresql" / "postmaster.pid").exists()


async def test_a_second_ctrl_c_ends_it_at_once_and_its_database_soon_after(house: House) -> None:
    async with house.up() as started:
        mark = house.data / "postgresql" / "postmaster.pid"  # the server removes it as the last thing it does
        postmaster = psutil.Process(int(mark.read_text().split()[0]))
        postmaster.suspend()  # so that an end in order takes for ever
        started.process.send_signal(signal.SIGINT)
        try:
            with suppress(aiohttp.ClientError):
                while True:  # until it has understood
                    await started.voter.call("GET", "/openapi.json")
            started.process.send_signal(signal.SIGINT)
            assert await last_words(started.process) == ""
            assert started.process.returncode == 128 + signal.SIGINT
        finally:
            postmaster.resume()
        async with asyncio.timeout(20):
            while mark.exists():  # noqa: ASYNC110 - another process's file gives no event
                await asyncio.sleep(0.05)


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
    assert said.startswith(f"evenhand: Port {port} on 127.0.0.1 cannot be used (Address already in use)")
    assert "set EVENHAND_PORT" in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        (
            "EVENHAND_DATABASE_URL",
            "postgresql://nobody@127.0.0.1:1/none",
            "Cannot reach the database at 127.0.0.1:1/none (EVENHAND_DATABASE_URL): connection refused.",
        ),
        ("EVENHAND_DATABASE_URL", "mysql://localhost/x", "needs PostgreSQL"),
        ("EVENHAND_DAILY_BUDGET_USD", "plenty", 'EVENHAND_DAILY_BUDGET_USD must be a number, not "plenty".'),
        ("EVENHAND_PORT", "123456", "EVENHAND_PORT must be at most 65535"),
        ("EVENHAND_DATA", "/dev/null/data", "EVENHAND_DATA"),
        ("EVENHAND_CATALOGUE", "/nowhere/catalogue.yaml", "/nowhere/catalogue.yaml"),
        ("EVENHAND_LOG_LEVEL", "loud", "EVENHAND_LOG_LEVEL must be one of debug, info, warning, error"),
        ("EVENHAND_HOST", "nowhere.invalid", "set EVENHAND_HOST to an address of this machine"),
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
        assert (code, said) == (
            0,
            'Imported 4 votes on 3 contestants. On the page the board is called "Spring 2026", at '
            "/boards/spring-2026. It is new.\n",
        )
        board = await eventually(lambda: started.voter.call("GET", "/boards/spring-2026"))
        assert (board.body["votes"], board.body["kind"]) == (4, "imported")
        assert board.body["source"]["name"] == "A study"
        _, said = await house.run("import", str(file), "--name", "Spring, 2026", "--source", "Two studies")
        assert said.endswith(
            'called "Spring, 2026", at /boards/spring-2026. It replaced the board "Spring 2026" there.\n'
        )
        async with asyncio.timeout(20):
            while board.body["source"]["name"] != "Two studies":
                board = await started.voter.call("GET", "/boards/spring-2026")
        assert board.body["name"] == "Spring, 2026"
        broken = tmp_path / "broken.csv"
        broken.write_text("model_a,model_b,winner\nx,y,maybe\n")
        code, said = await house.run("import", str(broken))
        assert code == 2
        assert "maybe" in said
