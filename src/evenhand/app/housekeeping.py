"""What is forgotten once nobody needs it: told events, answers to keys, what signing in takes, old places."""

from datetime import timedelta

from sqlalchemy import text

from evenhand.accounts import flows, links, sessions
from evenhand.accounts.idempotency import forget_old_keys
from evenhand.accounts.limits import forget_old_tries
from evenhand.accounts.passkeys.challenges import forget_old_challenges
from evenhand.boards.places import forget_old_places
from evenhand.core.clock import Clock
from evenhand.storage.engine import Database

PAUSE = 600.0
"""Seconds between two rounds."""
AFTER = 60.0
"""Seconds until the first: at the start people wait."""
TOLD_KEPT = timedelta(hours=1)
"""How long a reader may be away and still hear just what it missed; after that it hears the state. A busy
arena tells more than a gigabyte an hour."""

# Only from the front, so that the smallest number that is left says from where on nothing is missing. What a
# running turn has told is all there is of its text yet.
_FORGET_TOLD = text("""
DELETE FROM stream_event WHERE seq < least(
    (SELECT min(seq) FROM stream_event WHERE stored_at >= :since),
    (SELECT min(told.seq) FROM response JOIN turn ON turn.id = response.turn_id
     JOIN stream_event told ON told.conversation_id = turn.conversation_id AND told.turn_id = turn.id
     WHERE response.status IN ('queued', 'streaming')))""")


class Housekeeping:
    """Forgets, every `PAUSE` seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tidy(self) -> None:
        """Forget what is old."""
        now = self._clock()
        async with self._database.unit_of_work() as work:
            await forget_old_keys(work.session, now)
        async with self._database.unit_of_work() as work:
            await links.forget_old_links(work.session, now)
            await flows.forget_old_flows(work.session, now)
            await forget_old_tries(work.session, now)
            await forget_old_challenges(work.session, now)
            await sessions.forget_expired(work.session, now)
            await forget_old_places(work.session, now)
        async with self._database.unit_of_work() as work:
            await work.session.execute(_FORGET_TOLD, {"since": now - TOLD_KEPT})
