"""For the voter: when they were last here, the places of past days, and guesses at who answered."""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    # Straight to the driver's cursor: the script has many statements and its % are not placeholders.
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))
