"""Keeping what somebody set on the page."""

import json
from uuid import UUID

from sqlalchemy import Boolean, bindparam, case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.settings.schemas import ChosenSettings, SettingsChange
from evenhand.settings.tables import SettingsRow
from evenhand.storage.together import Prepared, at_commit

NAMES = tuple(SettingsChange.model_fields)
"""What can be set, as the columns are called."""

_new = insert(SettingsRow).values({name: bindparam(name) for name in ("account_id", *NAMES)})
# One statement whatever is given; and of two browsers at once neither undoes what the other sets.
_change = Prepared[()](
    _new.on_conflict_do_update(
        index_elements=["account_id"],
        set_={
            name: case(
                (bindparam(f"sets_{name}", type_=Boolean), _new.excluded[name]),
                else_=SettingsRow.__table__.columns[name],
            )
            for name in NAMES
        },
    )
)


async def settings_of(session: AsyncSession, account_id: UUID | None) -> ChosenSettings:
    """What somebody chose; nothing for a stranger."""
    row = await session.get(SettingsRow, account_id) if account_id else None
    return ChosenSettings.model_validate({name: getattr(row, name, None) for name in NAMES})


def change_settings(session: AsyncSession, account_id: UUID, change: SettingsChange) -> None:
    """Set what is given. Whoever becomes a guest by it is one by then."""
    values = change.model_dump()
    if change.preset is not None:
        values["preset"] = json.dumps(values["preset"])
    given = {f"sets_{name}": name in change.model_fields_set for name in NAMES}
    at_commit(session, _change(account_id=account_id, **values, **given))
