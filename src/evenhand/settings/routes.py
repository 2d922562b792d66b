"""HTTP of what one set on the page."""

from fastapi import APIRouter, status

from evenhand.accounts.dependencies import Account, Guest
from evenhand.settings import service
from evenhand.settings.schemas import ChosenSettings, SettingsChange
from evenhand.storage.dependencies import Work

router = APIRouter(tags=["settings"])


@router.get("/settings")
async def get_settings(work: Work, account: Account) -> ChosenSettings:
    """How one likes the page, in whichever browser."""
    return await service.settings_of(work.session, account)


@router.patch("/settings", status_code=status.HTTP_204_NO_CONTENT)
async def change_settings(change: SettingsChange, work: Work, account: Guest) -> None:
    """Set something; a stranger becomes a guest."""
    service.change_settings(work.session, account, change)
