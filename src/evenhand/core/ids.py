"""Identifiers: UUIDv7 (RFC 9562), so that keys sort by the time they were made."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = (0, 0)


def new_id() -> UUID:
    """A UUIDv7 that is larger than every one this process made before.

    Twelve bits of sequence stand where the RFC allows a counter, so that ids made within one
    millisecond still sort in the order they were made.
    """
    global _last
    with _lock:
        milliseconds = time.time_ns() // 1_000_000
        last_milliseconds, sequence = _last
        if milliseconds <= last_milliseconds:
            milliseconds, sequence = last_milliseconds, sequence + 1
            if sequence > 0xFFF:
                milliseconds, sequence = milliseconds + 1, 0
        else:
            sequence = 0
        _last = (milliseconds, sequence)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (sequence << 64) | (0b10 << 62) | random)


def overtake(known: UUID) -> None:
    """Make every later id of this process larger than one that another process, or another clock, made.

    Rows that are ordered by their ids keep the order in which they were made, whatever clocks do.
    """
    global _last
    made = known.int >> 80, known.int >> 64 & 0xFFF
    with _lock:
        _last = max(_last, made)
