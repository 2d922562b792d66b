"""Commitments: who answers is fixed before the first word, and can be checked after the vote.

The page recomputes them at the reveal (web/src/chat), from this very text.
"""

import hashlib
import secrets
from uuid import UUID

from evenhand.battles.states import Side

SALT_BYTES = 32


def new_salt() -> bytes:
    """256 bits, so that nobody can try all contestants against a commitment."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(battle_id: UUID, side: Side, contestant: str, configuration: str, salt: bytes) -> str:
    """SHA-256, in hexadecimal, over battle, side, contestant's slug, configuration's digest and salt."""
    text = "\n".join(["evenhand-commitment-1", str(battle_id), side, contestant, configuration, salt.hex()])
    return hashlib.sha256(text.encode()).hexdigest()
