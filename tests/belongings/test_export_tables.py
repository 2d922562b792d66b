"""Of every table that is about a person, they take its rows along, or it is said here why not.

A new table of somebody's fails this until it is in an export, or among those that need not be.
"""

import json

from tests.belongings.acts import rows, unpacked
from tests.mine.acts import enter, guess, hold
from tests.support.arena import settled
from tests.support.passkeys import at_home, device, listed, make, show
from tests.support.signing_in import Town

TAKEN_ALONG = {
    "account": ("account.json", "id::text"),
    "identity": ("account.json", "subject"),
    "passkey": ("account.json", "encode(credential_id, 'hex')"),
    "session": ("account.json", "to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"),
    "agreement": ("consent.json", "version"),
    "release_choice": ("consent.json", """'"left_out_of_releases": true'"""),
    "statistics_opt_out": ("consent.json", """'"opted_out_of_statistics": true'"""),
    "folder": ("folders.json", "name"),
    "saved_prompt": ("prompts.json", "text"),
    "preferences": ("preferences.json", "theme"),
    "share": ("links.json", "token"),
    "guess": ("guesses.json", "(SELECT battle_id::text FROM vote WHERE id = vote_id)"),
    "conversation": ("conversations/", "id::text"),
    "turn": ("conversations/", "id::text"),
    "turn_part": ("conversations/", "text"),
    "battle": ("conversations/", "commitment_a"),
    "response": ("conversations/", "status"),
    "part": ("conversations/", "text"),
    "vote": ("conversations/", "id::text"),
    "held_vote": ("conversations/", "id::text"),
    "vote_exclusion": ("conversations/", "reason"),
}
"""Tables, the files of an archive that have their rows, and what of each row is found there."""

LEFT_HERE = {
    "attempt": "figures of calls; what was answered is a part, what the sides took is in the reveal",
    "idempotency": "answers that were given before, kept for a day: what they tell of is in the archive",
    "passkey_challenge": "random numbers, kept for minutes",
    "search_document": "the words of questions, answers and titles, which are in the archive",
    "share_picture": "drawn from what is in the archive",
    "sign_in_flow": "somebody on their way to a provider, kept for minutes",
    "stream_event": "pieces of answers, which are in the archive whole",
    "to_erase": "what was deleted is not taken along",
    "to_index": "which questions and titles the search has still to read",
}
"""Tables that no file of an archive has, and why."""

OF_SOMEBODY = """
WITH RECURSIVE about AS (
    SELECT 'account'::regclass AS name
    UNION SELECT conrelid FROM pg_constraint JOIN about ON confrelid = about.name WHERE contype = 'f'
)
SELECT name::text FROM about
UNION SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name IN ('account_id', 'conversation_id', 'turn_id')
    AND table_name IN (SELECT relname FROM pg_class WHERE relkind = 'r')"""
"""Tables with the id of an account, a chat or a question, and those that lead to one by way of others."""


async def test_every_table_about_a_person_is_taken_along_or_said_not_to_be(town: Town) -> None:
    assert {name for (name,) in await rows(town.arena, OF_SOMEBODY)} == {*TAKEN_ALONG, *LEFT_HERE}


async def test_what_is_taken_along_has_a_row_of_every_such_table(town: Town) -> None:
    await enter(town.arena, "swift", "calm")
    voter = at_home(town)
    battle, who = await hold(voter)
    assert (await guess(voter, battle, a=who["a"])).status == 200
    await hold(voter)
    by_name = await voter.begin("side_by_side", "swift", "calm")
    asked = await voter.ask(by_name)
    await voter.hear(by_name, settled)
    await voter.vote(asked["battle_id"])
    await voter.call("PATCH", "/consent", {"left_out": True, "opted_out_of_statistics": True})
    await voter.call("POST", "/folders", {"name": "Sky"})
    await voter.call("POST", "/prompts", {"name": "Mine", "text": "Explain {{what}}."})
    await voter.call("PATCH", "/preferences", {"theme": "dark"})
    await voter.call("POST", "/shares", {"conversation_id": by_name, "names": True})
    await town.sign_in(voter)
    assert (await make(voter, device(town))).status == 201
    files = await unpacked(voter)
    for table, (path, what) in TAKEN_ALONG.items():
        text = "".join(content for name, content in files.items() if name.startswith(path))
        found = [value for (value,) in await rows(town.arena, f"SELECT {what} FROM {table}")]
        assert found, table
        assert [value for value in found if value not in text] == [], table


async def test_a_passkey_is_taken_along_with_where_it_was_made_and_when_it_was_used(town: Town) -> None:
    voter, key = at_home(town), device(town)
    voter.http.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
    assert (await make(voter, key)).status == 201
    assert (await show(voter, key)).status == 200
    [known] = await listed(voter)
    [taken] = json.loads((await unpacked(voter))["account.json"])["passkeys"]
    named = ("authenticator", "browser", "system", "created_at", "used_at")
    assert {name: taken[name] for name in named} == {name: known[name] for name in named}
    assert (taken["browser"], taken["system"], taken["refused_at"]) == ("Firefox", "Linux", None)
    assert taken["used_at"]


async def test_a_guess_is_taken_along_with_who_was_named_and_whether_rightly(town: Town) -> None:
    await enter(town.arena, "swift", "calm")
    voter, other = town.voter(), town.voter()
    battle, who = await hold(voter)
    await guess(voter, battle, a=who["b"])
    theirs, _ = await hold(other)
    await guess(other, theirs, a="swift")
    await town.sign_in(voter)
    [taken] = json.loads((await unpacked(voter))["guesses.json"])["items"]
    assert taken["battle_id"] == battle
    assert taken["a"]["slug"] == who["b"]
    assert (taken["right_a"], taken["b"], taken["right_b"], taken["among"]) == (False, None, None, 2)
