"""How far a list has been read: the time and id of its last line, whatever is changed meanwhile."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

from evenhand.core.errors import Invalid

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FORM = struct.Struct(">q16s")
Cursor = tuple[datetime, UUID]


def write_cursor(updated_at: datetime, identity: UUID) -> str:
    """The cursor behind a line."""
    moment = (updated_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_FORM.pack(moment, identity.bytes)).decode()


def read_cursor(text: str) -> Cursor:
    """Where the cursor stands. Raises `Invalid` for what is none."""
    try:
        moment, identity = _FORM.unpack(base64.urlsafe_b64decode(text.encode("ascii")))
        return _EPOCH + timedelta(microseconds=moment), UUID(bytes=identity)
    except (ValueError, binascii.Error, struct.error, OverflowError):
        raise Invalid(
            "bad_cursor", "This is no place in a list; begin the list anew, without `cursor`."
        ) from None
