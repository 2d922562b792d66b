"""Where the database is, for a command that talks to an arena from outside."""

from evenhand.core.errors import StartError
from evenhand.core.settings import Settings
from evenhand.storage import embedded, external


def database_url(settings: Settings) -> str:
    """The address of the arena's database. Raises `StartError` when it cannot be reached or does not run."""
    if settings.database_url is not None:
        external.check(settings.database_url)
        return settings.database_url
    url = embedded.attach(settings.data)
    if url is None:
        raise StartError(
            f"No arena runs on {settings.data}: start it with `evenhand up`, or set EVENHAND_DATA."
        )
    return url
