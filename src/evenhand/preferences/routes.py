"""HTTP of what one set on the page."""

from fastapi import status

from evenhand.accounts.dependencies import Account, Guest
from evenhand.core.routers import api_router
from evenhand.preferences import service
from evenhand.preferences.schemas import Preferences, PreferencesChange
from evenhand.storage.dependencies import Work

router = api_router("preferences")


@router.get("/preferences")
async def get_preferences(work: Work, account: Account) -> Preferences:
    """How one likes the page, in whichever browser."""
    return await service.preferences_of(work.session, account)


@router.patch("/preferences", status_code=status.HTTP_204_NO_CONTENT)
async def change_preferences(change: PreferencesChange, work: Work, account: Guest) -> None:
    """Set something; a stranger becomes a guest."""
    service.change_preferences(work.session, account, change)
