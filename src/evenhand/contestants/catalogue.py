"""The catalogue: the YAML file in which an operator lists who competes."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from evenhand.contestants.call_limits import UNLIMITED, CallLimits
from evenhand.contestants.catalogue_errors import Mistake, mistakes_of
from evenhand.contestants.configurations import Counted, Effort, Endpoint, Price
from evenhand.contestants.yaml_lines import LocatedYaml, YamlError, parse_yaml
from evenhand.core.errors import StartError


def fault_of_address(base_url: str) -> str | None:
    """Why an address cannot be an endpoint's; None when it can. It will be shown: no secret may be in it."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return "must be http:// or https://, a host and at most a port, as in https://api.example.com/v1"
    if parts.username is not None or parts.query or parts.fragment:
        return "must hold no user name, password, query or fragment"
    return None


def _plain_address(endpoint: Endpoint) -> Endpoint:
    fault = fault_of_address(endpoint.base_url)
    if fault:
        raise ValueError(f"base_url {fault}")
    return endpoint


class CatalogueEntry(BaseModel):
    """One contestant as it was found: in a catalogue, by a key, or on this machine.

    `price` is None where a call costs nothing; `context` and `max_output` are in tokens, None where nobody
    says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    organization: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    license: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    arenas: Annotated[tuple[str, ...], Field(min_length=1)] = ("text",)
    endpoint: Annotated[Endpoint, AfterValidator(_plain_address)]
    price: Price | None = None
    context: Annotated[int, Field(ge=1)] | None = None
    max_output: Annotated[int, Field(ge=1)] | None = None
    reasoning_effort: Effort | None = None
    limits: CallLimits = UNLIMITED

    @property
    def demo(self) -> bool:
        """Whether this is one of the small models that come along until there are real ones."""
        return False


def shared_call_limits(entries: Iterable[CatalogueEntry]) -> dict[Counted, CallLimits]:
    """The limits of each endpoint; where several contestants share one, what keeps to all of theirs."""
    limits: dict[Counted, CallLimits] = {}
    for entry in entries:
        endpoint = entry.endpoint.counted_as
        limits[endpoint] = limits.get(endpoint, UNLIMITED).and_also(entry.limits)
    return limits


class Catalogue(BaseModel):
    """Who competes; with `discover`, whoever is found besides competes too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contestants: tuple[CatalogueEntry, ...]
    discover: bool = False


def load_catalogue(path: Path, arenas: Collection[str] = ("text",)) -> Catalogue:
    """The catalogue in a file; `arenas` are the slugs that exist.

    Raises `StartError`: one sentence with file, line, field and what is wrong there.
    """
    return parse_catalogue(read_catalogue(path), path, arenas)


def read_catalogue(path: Path) -> str:
    """The text of a catalogue file. Raises `StartError` when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = bytes(error.object).count(b"\n", 0, error.start) + 1
        raise StartError(f"{path}, line {line}: is not UTF-8 text; save the file as UTF-8.") from None
    except FileNotFoundError:
        raise StartError(f"{path}: there is no such file; EVENHAND_CATALOGUE must name one.") from None
    except OSError as error:
        raise StartError(f"{path}: cannot be read ({error.strerror}).") from None


def parse_catalogue(text: str, path: Path, arenas: Collection[str]) -> Catalogue:
    """The catalogue in a text; `path` is only for the words of a `StartError`."""
    try:
        document = parse_yaml(text)
    except YamlError as error:
        raise _start_error(path, error.line, [Mistake(error.path, str(error))]) from None
    if document.value is None:
        raise _start_error(path, 1, [Mistake((), "is empty; it needs a list named contestants")])
    try:
        catalogue = Catalogue.model_validate(document.value)
    except ValidationError as error:
        mistakes = mistakes_of(error, Catalogue)
        raise _start_error(path, document.line(mistakes[0].path), mistakes) from None
    mistakes = _cross_check(catalogue, document, arenas)
    if mistakes:
        raise _start_error(path, document.line(mistakes[0].path), mistakes)
    return catalogue


def _cross_check(catalogue: Catalogue, document: LocatedYaml, arenas: Collection[str]) -> list[Mistake]:
    first_line: dict[str, int] = {}
    for index, entry in enumerate(catalogue.contestants):
        path = ("contestants", index, "slug")
        if entry.slug in first_line:
            said = f'"{entry.slug}" is taken already, on line {first_line[entry.slug]}'
            return [Mistake(path, said)]
        first_line[entry.slug] = document.line(path)
        for position, arena in enumerate(entry.arenas):
            if arena not in arenas:
                said = f'there is no arena "{arena}"; there is {", ".join(sorted(arenas))}'
                return [Mistake(("contestants", index, "arenas", position), said)]
    return []


def _start_error(path: Path, line: int, mistakes: list[Mistake]) -> StartError:
    first = mistakes[0]
    place = f"{path}, line {line}" + (f", {first.place}" if first.path else "")
    more = f" ({len(mistakes) - 1} more after it)" if len(mistakes) > 1 else ""
    return StartError(f"{place}: {first.said}{more}.")
