"""Passkeys: a further kind of what an account is known by, and the challenges that prove one."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Straight to the driver's cursor: the script has many statements and its % are not placeholders.
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))
