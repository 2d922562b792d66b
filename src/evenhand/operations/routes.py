"""HTTP for those who look after an arena."""

from typing import Annotated

from fastapi import Depends, Query

from evenhand.accounts.dependencies import needs
from evenhand.core.routers import api_router
from evenhand.operations.retention import DAYS, MOST_DAYS, retention
from evenhand.operations.schemas import Retention
from evenhand.storage.dependencies import Now, Work

router = api_router("operations")

_moderators = [Depends(needs("moderator"), scope="function")]


@router.get("/operations/retention", dependencies=_moderators)
async def get_retention(
    work: Work, now: Now, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = DAYS
) -> Retention:
    """Who voted and came back within the last whole days; for moderators and admins."""
    return await retention(work.session, now, days)
