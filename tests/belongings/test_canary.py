"""Whatever was written is planted everywhere, deleted, and looked for: in every table, file and log.

A table that a deletion forgets makes this fail, and so does a new column for words that nobody decided about.
"""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from evenhand.app import scrubbing
from evenhand.app.scrubbing import Scrubber
from tests.belongings.acts import delete, erased
from tests.history.acts import written
from tests.support.arena import Arena, Voter, settled
from tests.support.fake_provider import Scenario
from tests.support.passkeys import at_home, device, make
from tests.support.signing_in import Town
from tests.support.watch import Watch

CANARY = "kestrelq7"
"""What all that is planted begins with; nothing else here has it."""
EMAIL = f"{CANARY}mail@example.org"
OF_CHATS = {f"{CANARY}{what}" for what in ("question", "answer", "thought", "error", "title", "terms", "key")}
"""What is planted in chats."""

PLANTED = {
    "attempt.cause",
    "conversation.terms_version",
    "conversation.title",
    "folder.name",
    "idempotency.answer",
    "idempotency.key",
    "identity.label",
    "identity.subject",
    "part.text",
    "saved_prompt.name",
    "saved_prompt.text",
    "search_document.words",
    "sign_in_flow.next",
    "sign_in_link.email",
    "sign_in_link.next",
    "stream_event.data",
    "turn_part.text",
}
"""Where the canary is before the deletion."""

WORDLESS = {
    "agreement.version",
    "alembic_version.version_num",
    "attempt.error",
    "attempt.price",
    "attempt.style",
    "attempt.timeline",
    "configuration.digest",
    "configuration.document",
    "contestant.license",
    "contestant.name",
    "contestant.organization",
    "contestant.slug",
    "arena.slug",
    "battle.commitment_a",
    "battle.commitment_b",
    "battle.salt_a",
    "battle.salt_b",
    "conversation.topics",
    "conversation.topics_said",
    "draw.algorithm",
    "draw.client_nonce",
    "draw.weights_digest",
    "draw_seed.commitment",
    "draw_seed.seed",
    "idempotency.body_hash",
    "idempotency.route",
    "identity.issuer",
    "imported_board.name",
    "imported_board.slug",
    "imported_board.source_name",
    "imported_board.source_note",
    "imported_board.source_url",
    "imported_board.sums",
    "outage.error",
    "passkey.browser",
    "passkey.credential_id",
    "passkey.public_key",
    "passkey.system",
    "passkey.user_handle",
    "passkey_challenge.browser_hash",
    "passkey_challenge.challenge_hash",
    "passkey_challenge.requester",
    "passkey_challenge.user_handle",
    "session.browser",
    "session.system",
    "session.token_hash",
    "preferences.preset",
    "share.token",
    "share_picture.drawn_from",
    "share_picture.png",
    "sign_in_failure.requester",
    "sign_in_flow.asked_here",
    "sign_in_flow.provider",
    "sign_in_flow.requester",
    "sign_in_flow.state_hash",
    "sign_in_link.asked_here",
    "sign_in_link.requester",
    "sign_in_link.token_hash",
    "terms.digest",
    "terms.document",
    "terms.version",
    "turn.preset",
    "turn.terms_version",
    "turn_part.kind",
    "written_anew.name",
    "written_anew.state",
}
"""Columns that hold nothing that people write: codes, digests, keys, figures, what the operator says.

A preset is a choice from lists. A picture shows words, but no sweep of its bytes finds them: that none is
left of a deleted chat is a test of its own.
"""

NOT_OF_CHATS = {"folder", "idempotency", "identity", "saved_prompt", "sign_in_flow", "sign_in_link"}
"""Tables that may have it after all chats were deleted."""

COLUMNS = """
SELECT table_name || '.' || column_name FROM information_schema.columns JOIN pg_class ON relname = table_name
WHERE table_schema = 'public' AND relkind = 'r' AND NOT EXISTS (
    SELECT FROM information_schema.check_constraints
    JOIN information_schema.constraint_column_usage AS used USING (constraint_schema, constraint_name)
    WHERE used.table_name = columns.table_name AND used.column_name = columns.column_name
        AND check_clause LIKE '%ANY%ARRAY%')
    AND data_type IN ('text', 'character varying', 'bytea', 'json', 'jsonb', 'tsvector', 'ARRAY')
    AND udt_name NOT IN ('_uuid', '_int4')"""
"""Every column that could hold words, without those that hold one of a few codes."""

TABLES = """
SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'm') AND relpersistence <> 't'"""


async def planted(town: Town) -> tuple[Voter, list[str]]:
    """Somebody who has the canary in everything that they can write, or be answered; their conversations."""
    arena = town.arena
    refuses = json.dumps({"error": {"message": f"{CANARY}error: not this", "type": "invalid_request"}})
    await arena.enter(
        arena.entry("swift", Scenario(text=f"{CANARY}answer. " * 40, reasoning=f"{CANARY}thought ")),
        arena.entry("calm", Scenario(echo=True)),
        arena.entry("wise", Scenario(fail_times=1 << 30, status=400, body=refuses)),
    )
    voter = at_home(town)
    terms = {"terms_version": f"{CANARY}terms"}
    begun = await voter.call("POST", "/conversations", {"arena": "text", "mode": "battle", **terms})
    chats = [
        begun.body["id"],
        await voter.begin("direct", "wise"),
        await voter.begin("side_by_side", "swift", "calm"),
    ]
    for number, chat in enumerate(chats):
        path, once = f"/conversations/{chat}/turns", {"Idempotency-Key": f"{CANARY}key{number}"}
        question = {"parts": [{"type": "text", "text": f"{CANARY}question"}]}
        assert (await voter.call("POST", path, question, headers=once)).status == 202
        await voter.hear(chat, settled)
    prompt = {"name": f"{CANARY}name", "text": f"{CANARY}prompt"}
    await voter.call("POST", "/prompts", prompt, headers={"Idempotency-Key": "p"})
    token = await town.token(voter, EMAIL, next=f"/history?q={CANARY}next")
    await voter.call("POST", "/sign-in", {"token": token, "bring": True})
    await town.ask(town.voter(), EMAIL)  # a link that nobody used yet
    folder = await voter.call(
        "POST", "/folders", {"name": f"{CANARY}folder"}, headers={"Idempotency-Key": "f"}
    )
    await voter.call(
        "PATCH", f"/conversations/{chats[0]}", {"title": f"{CANARY}title", "folder_id": folder.body["id"]}
    )
    shared = {"conversation_id": chats[2], "names": True}
    link = await voter.call("POST", "/shares", shared, headers={"Idempotency-Key": "s"})
    assert CANARY in link.body["title"]
    assert (await make(voter, device(town))).status == 201
    await with_a_provider(town)
    await written(arena)
    assert (await voter.call("GET", f"/conversations?query={CANARY}")).body["items"]
    return voter, chats


async def with_a_provider(town: Town) -> None:
    """The account is known by a provider, and another is being added to it."""
    known = """
        INSERT INTO identity (id, account_id, kind, issuer, subject, label, created_at)
        SELECT gen_random_uuid(), account_id, 'oidc', 'https://example.org', :canary, :canary, now()
        FROM identity WHERE kind = 'email'"""
    adding = """
        INSERT INTO sign_in_flow
        SELECT sha256('state'), 'house', sha256('here'), sha256('from'), account_id, '/history?q=' || :canary,
            now(), now() + interval '10 minutes'
        FROM identity WHERE kind = 'email'"""
    async with town.arena.database.unit_of_work() as work:
        for statement in (known, adding):
            await work.session.execute(text(statement), {"canary": f"{CANARY}provider"})


async def found(owner: psycopg.AsyncConnection[Any]) -> set[str]:
    """The tables that have the canary in a row, as text or as bytes."""
    tables = [name for (name,) in await (await owner.execute(TABLES)).fetchall()]
    has = set()
    for name in tables:
        sweep = (
            f"SELECT 1 FROM {name} AS swept WHERE strpos(swept::text, %s) > 0 OR strpos(swept::text, %s) > 0"
        )
        if await (await owner.execute(sweep.encode(), (CANARY, CANARY.encode().hex()))).fetchone():
            has.add(name.removeprefix("public."))
    return has


async def columns_with(owner: psycopg.AsyncConnection[Any], columns: set[str]) -> set[str]:
    """Those of these columns that have the canary somewhere."""
    has = set()
    for place in columns:
        table, column = place.split(".")
        sweep = f"SELECT 1 FROM {table} WHERE strpos({column}::text, %s) > 0"
        if await (await owner.execute(sweep.encode(), (CANARY,))).fetchone():
            has.add(place)
    return has


async def files_with(owner: psycopg.AsyncConnection[Any], words: set[str]) -> set[str]:
    """The files of the data folder that have one of these, whatever they are for."""
    await owner.execute("CHECKPOINT")
    [folder] = await (await owner.execute("SHOW data_directory")).fetchone() or [None]
    around = Path(str(folder)).parent
    return {
        str(path.relative_to(around))
        for path in around.rglob("*")
        if path.is_file() and any(word.encode() in _bytes_of(path) for word in words)
    }


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # gone meanwhile
        return b""


async def counted(owner: psycopg.AsyncConnection[Any], arena: Arena) -> None:
    """Returns when the database has counted what was deleted: at the latest it does as connections end."""
    await arena.database.close()
    ours = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'evenhand'"
    ended = await (await owner.execute(f"SELECT pid, pg_terminate_backend(pid) {ours}".encode())).fetchall()
    async with asyncio.timeout(20):
        there = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"
        while await (await owner.execute(there, [[pid for pid, _ in ended]])).fetchone() != (0,):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("by", ["job", "command"])
@pytest.mark.parametrize("whole_account", [True, False], ids=["the account", "every chat"])
async def test_a_canary_that_was_deleted_is_found_nowhere(
    town: Town,
    watch: Watch,
    database_url: str,
    whole_account: bool,
    by: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "evenhand")
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_url)
    job = Scrubber(town.arena.database, watch)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as owner:
        voter, chats = await planted(town)
        assert await columns_with(owner, PLANTED) == PLANTED
        await owner.execute("ANALYZE")
        await job.scrub()
        assert await files_with(owner, OF_CHATS)

        if whole_account:
            assert await delete(voter, "/me") == 204
        else:
            for chat in chats:
                assert await delete(voter, f"/conversations/{chat}") == 204
        await erased(town.arena, town.arena.app.state.clock)
        assert await found(owner) <= (set() if whole_account else NOT_OF_CHATS)
        await counted(owner, town.arena)
        watch.time += scrubbing.EVERY
        await (job.scrub() if by == "job" else asyncio.to_thread(scrubbing.scrub, print))
        assert await files_with(owner, {CANARY} if whole_account else OF_CHATS) == set()
        assert whole_account is not bool(await files_with(owner, {CANARY}))
    said = capfd.readouterr()
    assert "answer_failed" in said.out + said.err
    assert CANARY not in said.out + said.err + caplog.text


async def test_every_table_with_words_is_written_anew() -> None:
    assert {place.partition(".")[0] for place in PLANTED} <= set(scrubbing.WORDS)


async def test_of_every_column_it_is_known_whether_it_holds_words(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as owner:
        columns = {name for (name,) in await (await owner.execute(COLUMNS)).fetchall()}
    assert columns - WORDLESS - PLANTED == set(), "plant the canary there, or say that it holds no words"
    assert (WORDLESS | PLANTED) - columns == set()
