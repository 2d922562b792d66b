"""Links to conversations and battles, and the pictures that go with them."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # Straight to the driver's cursor: the script has many statements and its % are not placeholders.
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))
