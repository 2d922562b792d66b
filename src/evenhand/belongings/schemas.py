"""What goes over the wire: what one has here, before it is deleted."""

from pydantic import BaseModel


class Holdings(BaseModel):
    """What deleting would delete, and when all of it is gone.

    `votes` were cast by this person and stay, as numbers, in every case. Words are erased within
    `erased_within_minutes`; back-ups that hold them are deleted after `backup_days`.
    """

    chats: int
    folders: int
    votes: int
    erased_within_minutes: int
    backup_days: int
