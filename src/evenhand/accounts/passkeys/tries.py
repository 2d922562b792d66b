"""A try with a passkey: it uses its challenge up, and a failed one is remembered, whatever else is undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from evenhand.accounts import limits
from evenhand.accounts.entrance import Entrance
from evenhand.accounts.passkeys import challenges, keys
from evenhand.accounts.passkeys.ceremonies import NotProven, challenge_in
from evenhand.accounts.passkeys.keys import Copied
from evenhand.core.errors import Invalid, Problem
from evenhand.storage.engine import Database

_log = structlog.get_logger()


@asynccontextmanager
async def trying(entrance: Entrance, database: Database, credential: dict[str, Any]) -> AsyncIterator[bytes]:
    """Carry the block out as a try on the challenge that a credential names.

    What proves nothing raises `Invalid`, and so does what cannot be read; one wrong try too many, `TooMany`.
    The transaction of a request that fails is rolled back, and would bring the challenge back.
    """
    challenge = challenge_in(credential)
    try:
        if challenge is None:
            raise NotProven("Unreadable")
        yield challenge
    except (NotProven, Problem) as fault:
        # With two connections each, a burst of these would take all there are, and then wait for each other.
        await entrance.work.session.rollback()
        _log.info("sign_in_failed", reason=fault.code if isinstance(fault, Problem) else str(fault))
        async with database.unit_of_work() as work:
            if challenge is not None:
                await challenges.use_up(work.session, challenge)
            if isinstance(fault, Copied):
                await keys.refuse(work.session, fault.passkey_id, entrance.now)
        await limits.note_wrong_try(database, entrance.requester, entrance.now)
        if isinstance(fault, Problem):
            raise
        raise Invalid(
            "passkey_wrong", "This passkey did not prove whose it is; try again, or sign in another way."
        ) from None
