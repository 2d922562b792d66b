"""The database refuses what the states do not allow, whoever asks for it."""

from collections.abc import Iterator
from typing import Any, get_args

import psycopg
import pytest

from evenhand.battles.responses import LEASE
from evenhand.battles.states import (
    BATTLE_TRANSITIONS,
    RESPONSE_TRANSITIONS,
    BattleStatus,
    ResponseStatus,
    battle_after,
)
from tests.support.arena import Arena, settled

Connection = psycopg.Connection[tuple[Any, ...]]
ATTEMPT_STATUSES = tuple(status for status in get_args(ResponseStatus) if status != "queued")


@pytest.fixture
async def connection(arena: Arena) -> Any:
    """As the owner of the tables, with one battle that has a vote."""
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    _, asked = await voter.battle()
    await voter.vote(asked["battle_id"])
    with psycopg.connect(arena.database.url, autocommit=True) as opened:
        yield opened


def allowed(connection: Connection, table: str, statuses: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every transition that a plain UPDATE gets away with; checks other than the state machine are off."""
    for name in ("battle_check3", "response_check", "attempt_check", "attempt_check1"):
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    for before in statuses:
        for after in statuses:
            if before == after:
                continue
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"UPDATE {table} SET status = %s", (before,))
            connection.execute("SET session_replication_role = origin")
            try:
                connection.execute(f"UPDATE {table} SET status = %s", (after,))
            except psycopg.errors.CheckViolation:
                continue
            yield before, after


def beginnings(connection: Connection, table: str, statuses: tuple[str, ...]) -> Iterator[str]:
    """Every status in which a row may be added, as far as the states say."""
    for status in statuses:
        try:
            connection.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object("
                f"'id', gen_random_uuid(), 'status', '{status}'))).* FROM {table} one"
            )
        except psycopg.errors.IntegrityError as error:
            if f"{table} begins as" in str(error):
                continue
        yield status


async def test_a_battle_goes_only_where_its_states_allow(connection: Connection) -> None:
    expected = {(before, after) for before, afters in BATTLE_TRANSITIONS.items() for after in afters}
    assert set(allowed(connection, "battle", get_args(BattleStatus))) == expected


async def test_a_response_goes_only_where_its_states_allow(connection: Connection) -> None:
    expected = {(before, after) for before, afters in RESPONSE_TRANSITIONS.items() for after in afters}
    assert set(allowed(connection, "response", get_args(ResponseStatus))) == expected


async def test_an_attempt_ends_once_and_goes_nowhere_else(connection: Connection) -> None:
    expected = {("streaming", after) for after in RESPONSE_TRANSITIONS["streaming"]}
    assert set(allowed(connection, "attempt", ATTEMPT_STATUSES)) == expected


@pytest.mark.parametrize(
    ("table", "statuses", "expected"),
    [
        ("battle", get_args(BattleStatus), {"drawn", "running"}),
        ("response", get_args(ResponseStatus), {"queued", "streaming"}),
        ("attempt", ATTEMPT_STATUSES, {"streaming"}),
    ],
)
async def test_a_row_begins_before_anything_has_come_of_it(
    connection: Connection, table: str, statuses: tuple[str, ...], expected: set[str]
) -> None:
    assert set(beginnings(connection, table, statuses)) == expected


async def test_a_battle_has_one_vote_of_its_author_whoever_casts_it(
    arena: Arena, connection: Connection
) -> None:
    _, asked = await arena.voter().battle()
    cast = (
        "INSERT INTO vote SELECT gen_random_uuid(), battle.id, account.id, %s, 'a', now() "
        "FROM battle CROSS JOIN account WHERE battle.id = %s"
    )
    with pytest.raises(psycopg.errors.UniqueViolation, match="vote_of_author"):
        connection.execute(cast, ("author", asked["battle_id"]))
    assert connection.execute(cast, ("juror", asked["battle_id"])).rowcount == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vote SET choice = 'b'",
        "DELETE FROM vote",
        "UPDATE draw SET probability = 0.1",
        "UPDATE configuration SET document = '{}'",
        "UPDATE battle SET configuration_a = configuration_b, configuration_b = configuration_a",
        "UPDATE battle SET salt_a = salt_b",
        "UPDATE battle SET arena_id = gen_random_uuid()",
        "INSERT INTO vote SELECT gen_random_uuid(), id, gen_random_uuid(), 'author', 'a', now() FROM battle",
        "INSERT INTO battle SELECT (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid()))).* "
        "FROM battle b",
    ],
)
async def test_raw_sql_cannot_change_what_is_fixed(connection: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(statement)


async def test_an_answer_alone_takes_no_vote_not_even_by_raw_sql(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"))
    voter = arena.voter()
    conversation = await voter.begin("direct", "swift")
    asked = await voter.ask(conversation)
    await voter.hear(conversation, settled)
    refused = pytest.raises(
        psycopg.errors.CheckViolation, match=r"is ready \(mode direct\), it takes no vote"
    )
    with psycopg.connect(arena.database.url) as connection, refused:
        connection.execute(
            "INSERT INTO vote SELECT gen_random_uuid(), id, gen_random_uuid(), 'author', 'a', now() "
            "FROM battle WHERE id = %s",
            (asked["battle_id"],),
        )


@pytest.mark.parametrize("table", ["vote", "draw", "configuration", "part", "turn_part", "draw_seed"])
async def test_the_application_may_add_but_not_change(connection: Connection, table: str) -> None:
    connection.execute("SET ROLE evenhand_app")
    connection.execute(f"SELECT * FROM {table}")
    for statement in (f"DELETE FROM {table}", f"DROP TABLE {table}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_battle_is_ready_once_both_sides_ended_by_themselves_or_were_stopped() -> None:
    assert battle_after(["done", "done"]) == "ready"
    assert battle_after(["done", "stopped"]) == "ready"
    assert battle_after(["done", "streaming"]) == "running"
    assert battle_after(["failed", "queued"]) == "running"
    assert battle_after(["done", "failed"]) == "failed"


def test_a_lease_lasts_as_long_in_the_database_as_the_code_believes(connection: Connection) -> None:
    default = connection.execute(
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid"
        " AND attnum = adnum WHERE adrelid = 'attempt'::regclass AND attname = 'lease_until'"
    ).fetchone()
    assert default is not None
    assert connection.execute(f"SELECT {default[0]} - now()".encode()).fetchone() == (LEASE,)
