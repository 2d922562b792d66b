"""What goes over the wire: what one has here, before it is deleted."""

from pydantic import BaseModel


class Holdings(BaseModel):
    """What deleting would delete, and when all of it is gone.

    `votes` are those in the chats; they stay, as numbers. Words are erased within
    `erased_within_minutes`; back-ups that hold them are deleted after `backup_days`.
    """

    chats: int
    folders: int
    votes: int
    erased_within_minutes: int
    backup_days: int
