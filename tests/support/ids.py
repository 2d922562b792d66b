"""Ids that tests need and nothing depends on."""

from uuid import UUID

SOMEBODY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
"""An account."""
