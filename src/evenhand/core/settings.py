"""Every setting of an installation, in one typed place.

Each is read from the environment variable `EVENHAND_<NAME>`. docs/settings.md describes them all;
a test fails when one is missing there.
"""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from evenhand.core.errors import StartError
from evenhand.core.loopback import is_loopback
from evenhand.core.sign_in_file import read_providers
from evenhand.core.wrong_values import said_of

SHORTEST_SECRET = 32
"""Characters of a secret that cannot be guessed."""

Port = Annotated[int, Field(ge=0, le=65535)]
Tokens = Annotated[int | None, Field(ge=0)]


def _web_address(url: str | None) -> str | None:
    parts = urlsplit(url or "http://unset")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an address such as https://arena.example.org")
    return url


def _sender(written: str | None) -> str | None:
    if written is None:
        return None
    address = parseaddr(written)[1]
    try:
        # What a mail can be written with.
        usable = bool(Address(addr_spec=address).domain) and address.isascii()
    except (MessageError, ValueError, IndexError):
        usable = False
    if not usable or not (written == address or written.endswith(f"<{address}>")):
        raise ValueError("must be an address such as arena@example.org or Arena <arena@example.org>")
    return written


def _contact(written: str | None) -> str | None:
    if written is not None and not re.fullmatch(r"https?://\S+|[^\s@:]+@[^\s@:]+", written):
        raise ValueError("must be an e-mail address, or a page such as https://example.org/contact")
    return written


def _long_enough(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"must have at least {SHORTEST_SECRET} characters")
    return secret


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
    suggestions: Path | None = None
    """The file of the prompts that are suggested each day; unset, those that come along."""
    local_models: bool = True
    """Whether small demo models may be fetched and run when fewer than two contestants are found."""
    daily_budget_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5.0
    """What this installation may spend in a UTC day, in US dollars."""
    guest_turns_per_hour: Annotated[int, Field(ge=0)] = 20
    """How many turns a guest may ask for within an hour."""
    guest_turns_at_once: Annotated[int, Field(ge=1)] = 2
    """How many turns of one guest may run at once."""
    guest_free_tokens_per_day: Tokens = None
    """How many tokens a guest may use in a UTC day with contestants that cost nothing; unset, any number."""
    guest_low_tokens_per_day: Tokens = None
    """The same with contestants of a low price."""
    guest_high_tokens_per_day: Tokens = None
    """The same with contestants of a high price."""
    voter_free_tokens_per_day: Tokens = None
    """What a guest may with contestants that cost nothing, for who has signed in."""
    voter_low_tokens_per_day: Tokens = None
    """The same with contestants of a low price."""
    voter_high_tokens_per_day: Tokens = None
    """The same with contestants of a high price."""
    high_price_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 2.0
    """From which price on it is a high one, in US dollars per million tokens, three read for one written."""
    turns_at_once: Annotated[int, Field(ge=1)] = 1000
    """How many turns may run at once in one process; beyond that, questions are refused."""
    streams_at_once: Annotated[int, Field(ge=1)] = 5000
    """How many event streams may be read at once from one process."""
    queue_length: Annotated[int, Field(ge=0)] = 50
    """How many calls may wait for one endpoint in one process; beyond that, questions are refused."""
    queue_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 60.0
    """How long a call waits for its turn at an endpoint, in seconds; then that side fails."""
    drain_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 960.0
    """How long SIGTERM waits for answers that run, in seconds; what still runs then is interrupted."""
    name: str = "Evenhand"
    """What this installation calls itself on the page."""
    public_url: Annotated[str | None, AfterValidator(_web_address)] = None
    """The address people use, when a proxy stands in front (`https://…`)."""
    terms: Path | None = None
    """A file with terms of yours in place of those that come along."""
    operator_name: str | None = None
    """Who runs this installation, as the page of the terms says it."""
    operator_contact: Annotated[str | None, AfterValidator(_contact)] = None
    """How they are reached: an e-mail address, or that of a page."""
    smtp_host: str | None = None
    """The mail server that sends sign-in links; unset, none are sent."""
    smtp_port: Port | None = None
    """Its port; unset, the usual one: 587 with starttls, 465 with tls, 25 with none."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection to it is encrypted."""
    smtp_user: str | None = None
    """Who signs in to it; unset, nobody does."""
    smtp_password: SecretStr | None = None
    """That user's password."""
    mail_sender: Annotated[str | None, AfterValidator(_sender)] = None
    """Whom the mails come from, as `arena@example.org` or `Arena <arena@example.org>`."""
    sign_in_links_per_hour: Annotated[int, Field(ge=1)] = 30
    """How many sign-in links may be asked for from one network address within an hour."""
    sign_in_file: Path | None = None
    """The file that lists the providers people may sign in with; unset, there are none."""
    admins: str | None = None
    """The e-mail addresses of the admins, with commas between."""
    moderators: str | None = None
    """The same of the moderators, who may less."""
    address_key: Annotated[SecretStr | None, AfterValidator(_long_enough)] = None
    """What network addresses are hashed with; unset, each start takes a key of its own."""
    backup_days: Annotated[int, Field(ge=0)] = 30
    """How many days back-ups are kept before they are deleted, as people are told who delete something."""
    log_level: str = "info"
    """How much is logged: debug, info, warning or error."""


def load_settings() -> Settings:
    """The settings of this process.

    Raises `StartError` with one sentence that names the variable and what is wrong with it.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "EVENHAND_" + "_".join(str(part) for part in first["loc"]).upper()
        raise StartError(f"{name} {said_of(first)}.") from None
    _check_mail(settings)
    read_providers(settings.sign_in_file)
    return settings


def _check_mail(settings: Settings) -> None:
    if settings.smtp_host is None:
        return
    if settings.mail_sender is None:
        raise StartError("EVENHAND_MAIL_SENDER must be set where EVENHAND_SMTP_HOST is.")
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        raise StartError("EVENHAND_SMTP_USER and EVENHAND_SMTP_PASSWORD must be set together, or neither.")
    if settings.smtp_security == "none" and settings.smtp_user and not is_loopback(settings.smtp_host):
        raise StartError(
            'EVENHAND_SMTP_SECURITY must be "starttls" or "tls": the password would be sent unencrypted.'
        )
