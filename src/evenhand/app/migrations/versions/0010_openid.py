"""Signing in with providers: what an account is known by there, and sign-ins that are under way."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # Straight to the driver's cursor: the script has many statements and its % are not placeholders.
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))
