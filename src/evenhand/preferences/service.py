"""Keeping what somebody set on the page."""

import json
from uuid import UUID

from sqlalchemy import Boolean, bindparam, case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.preferences.schemas import Preferences, PreferencesChange
from evenhand.preferences.tables import PreferencesRow
from evenhand.storage.together import Prepared, at_commit

NAMES = tuple(PreferencesChange.model_fields)
"""What can be set, as the columns are called."""

_new = insert(PreferencesRow).values({name: bindparam(name) for name in ("account_id", *NAMES)})
# One statement whatever is given; and of two browsers at once neither undoes what the other sets.
_change = Prepared[()](
    _new.on_conflict_do_update(
        index_elements=["account_id"],
        set_={
            name: case(
                (bindparam(f"sets_{name}", type_=Boolean), _new.excluded[name]),
                else_=PreferencesRow.__table__.columns[name],
            )
            for name in NAMES
        },
    )
)


async def preferences_of(session: AsyncSession, account_id: UUID | None) -> Preferences:
    """What somebody chose; nothing for a stranger."""
    row = await session.get(PreferencesRow, account_id) if account_id else None
    return Preferences.model_validate({name: getattr(row, name, None) for name in NAMES})


def change_preferences(session: AsyncSession, account_id: UUID, change: PreferencesChange) -> None:
    """Set what is given. Whoever becomes a guest by it is one by then."""
    values = change.model_dump()
    if change.preset is not None:
        values["preset"] = json.dumps(values["preset"])
    given = {f"sets_{name}": name in change.model_fields_set for name in NAMES}
    at_commit(session, _change(account_id=account_id, **values, **given))
