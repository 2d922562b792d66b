"""The sign-in file: the YAML in which an operator lists the providers that people may sign in with."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    model_validator,
)

from evenhand.core.errors import StartError
from evenhand.core.loopback import is_loopback
from evenhand.core.wrong_values import said_of

GOOGLE = "https://accounts.google.com"
GITHUB = "https://github.com"

_NAMES = {"google": "Google", "github": "GitHub"}
_ISSUERS = {"google": GOOGLE, "github": GITHUB}
_PATTERNS: Mapping[str, str] = {
    "slug": 'must be lower-case letters, digits and "-", and begin with a letter',
    "client_secret_env": "must name an environment variable, such as COMPANY_SECRET, and not be the secret",
}


def is_safe_address(url: str) -> bool:
    """Whether what is sent there nobody reads on its way: https, or this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or port == 0 or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    if not is_safe_address(url) or parts.query or parts.fragment:
        raise ValueError(
            "must be an address such as https://login.example.org, exactly as the provider writes it"
        )
    return url


Names = dict[Literal["en", "zh"], Annotated[str, Field(min_length=1, max_length=60)]]


class GivenProvider(BaseModel):
    """One provider. What `google` and `github` leave out is known here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    use: Literal["openid", "google", "github"] = "openid"
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    name: Names
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    trust_email: bool
    """Whether an address that it says is verified opens the account of that address."""
    _secret: SecretStr | None = PrivateAttr(None)

    @property
    def client_secret(self) -> SecretStr | None:
        """What the variable held when the file was read; None where no variable is named."""
        return self._secret

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        use = given.get("use", "openid")
        known = use in _NAMES
        name = given.get("name", _NAMES.get(use) if known else None)
        filled = {"trust_email": known, **({"slug": use, "issuer": _ISSUERS[use]} if known else {}), **given}
        if name is not None:
            filled["name"] = {"en": name, "zh": name} if isinstance(name, str) else name
        return filled

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.name) != {"en", "zh"}:
            raise ValueError("name must be text, or have both en and zh")
        if self.use == "github" and self.client_secret_env is None:
            raise ValueError("client_secret_env is missing")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    providers: tuple[GivenProvider, ...]


def read_providers(path: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[GivenProvider, ...]:
    """The providers that the file lists, with their secrets; none without a file.

    Raises `StartError`: one sentence with the file, the field and what is wrong there.
    """
    if path is None:
        return ()
    try:
        written = yaml.safe_load(path.read_text("utf-8"))
        providers = _File.model_validate({} if written is None else written).providers
    except FileNotFoundError:
        raise StartError(f"{path}: there is no such file; EVENHAND_SIGN_IN_FILE must name one.") from None
    except OSError as error:
        raise StartError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise StartError(f"{path}: is not UTF-8 text; save the file as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        raise StartError(
            f"{path}{line}: is not YAML ({getattr(error, 'problem', 'not readable')})."
        ) from None
    except ValidationError as error:
        raise StartError(f"{path}: {_said(error)}.") from None
    _check_slugs(path, providers)
    for index, one in enumerate(providers):
        one._secret = _secret_of(path, index, one, environ)
    return providers


def _said(error: ValidationError) -> str:
    """The first mistake, a missing field last, for a misspelling may be why."""
    detail = min(error.errors(), key=lambda one: one["type"] == "missing")
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in detail["loc"])
    place = place.removeprefix(".") or "the file"
    field = str(detail["loc"][-1]) if detail["loc"] else ""
    if field == "client_secret":
        said = "does not belong in this file; put it in a variable and name that in client_secret_env"
    elif detail["type"] == "extra_forbidden":
        said = "is not a known field"
    elif detail["type"] == "string_pattern_mismatch":
        said = _PATTERNS[field]
    elif detail["type"] in ("model_type", "dict_type"):
        said = "must be a mapping"
    elif detail["type"] == "value_error" and field != "issuer":
        return f"{place}.{said_of(detail)}"
    else:
        said = said_of(detail)
    return f"{place} {said}"


def _check_slugs(path: Path, providers: tuple[GivenProvider, ...]) -> None:
    slugs = [one.slug for one in providers]
    for index, slug in enumerate(slugs):
        if slug in slugs[:index]:
            raise StartError(f'{path}: providers[{index}].slug must be another one, "{slug}" is taken.')


def _secret_of(
    path: Path, index: int, provider: GivenProvider, environ: Mapping[str, str]
) -> SecretStr | None:
    name = provider.client_secret_env
    if name is None:
        return None
    secret = environ.get(name, "")
    if not secret:
        raise StartError(f"{path}: providers[{index}].client_secret_env names {name}, which is not set.")
    return SecretStr(secret)
