"""Every setting of an installation, in one typed place.

Each is read from the environment variable `EVENHAND_<NAME>`. docs/settings.md describes them all;
a test fails when one is missing there.
"""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from evenhand.core.errors import StartError
from evenhand.core.wrong_values import said_of

Port = Annotated[int, Field(ge=0, le=65535)]


def _web_address(url: str | None) -> str | None:
    parts = urlsplit(url or "http://unset")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an address such as https://arena.example.org")
    return url


class Settings(BaseSettings):
    """The settings; the defaults suit one person on one machine."""

    model_config = SettingsConfigDict(env_prefix="EVENHAND_", env_ignore_empty=True, frozen=True)

    host: str = "127.0.0.1"
    """The address to listen on. The default is reachable from this machine alone."""
    port: Port = 8480
    """The port to listen on; 0 takes a free one."""
    data: Path = Path(platformdirs.user_data_dir("evenhand", appauthor=False))
    """Where the database, model files and keys are kept."""
    database_url: str | None = None
    """A PostgreSQL of yours (`postgresql://…`, 15 or newer) instead of the embedded one."""
    catalogue: Path | None = None
    """The file that lists the contestants; unset, they are discovered."""
    local_models: bool = True
    """Whether small demo models may be fetched and run when fewer than two contestants are found."""
    daily_budget_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5.0
    """What this installation may spend in a UTC day, in US dollars."""
    guest_turns_per_hour: Annotated[int, Field(ge=0)] = 20
    """How many turns a guest may ask for within an hour."""
    guest_turns_at_once: Annotated[int, Field(ge=1)] = 2
    """How many turns of one guest may run at once."""
    queue_length: Annotated[int, Field(ge=0)] = 50
    """How many calls may wait for one endpoint in one process; beyond that, questions are refused."""
    queue_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 60.0
    """How long a call waits for its turn at an endpoint, in seconds; then that side fails."""
    drain_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 300.0
    """How long SIGTERM waits for answers that run, in seconds; what still runs then is interrupted."""
    name: str = "Evenhand"
    """What this installation calls itself on the page."""
    public_url: Annotated[str | None, AfterValidator(_web_address)] = None
    """The address people use, when a proxy stands in front (`https://…`)."""
    log_level: str = "info"
    """How much is logged: debug, info, warning or error."""


def load_settings() -> Settings:
    """The settings of this process.

    Raises `StartError` with one sentence that names the variable and what is wrong with it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "EVENHAND_" + "_".join(str(part) for part in first["loc"]).upper()
        raise StartError(f"{name} {said_of(first)}.") from None
