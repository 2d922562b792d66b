"""Deletion of what came beside conversations: prompts, pictures of links, choices about releases."""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    # Straight to the driver's cursor: the script has many statements and its % are not placeholders.
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))
