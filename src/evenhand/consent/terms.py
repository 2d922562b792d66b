"""The terms: what is stored, what is published, what deletion does. A versioned text in two languages."""

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evenhand.core.errors import StartError
from evenhand.core.wrong_values import said_of

_Text = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(_Part):
    """A piece of the terms under a title."""

    title: _Text
    text: _Text


class TermsWording(_Part):
    """The terms in one language; `short` stands above the first question."""

    short: _Text
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]


class Terms(_Part):
    """A version of the terms. Another text is another version."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    en: TermsWording
    zh: TermsWording

    def digest(self) -> str:
        """SHA-256 of what they say, as 64 hexadecimal digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_terms(path: Path | None = None) -> Terms:
    """The terms of an operator's file; without one, those that come with the package.

    Raises `StartError` with one sentence that names the file, the field and what is wrong with it.
    """
    if path is None:
        return _own()
    try:
        return Terms.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise StartError(f"EVENHAND_TERMS: {path} cannot be read ({reason}).") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise StartError(f"EVENHAND_TERMS: {path} is no YAML{where}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        said = "is not known here" if first["type"] == "extra_forbidden" else said_of(first)
        raise StartError(f"EVENHAND_TERMS: {path}: {field} {said}.") from None


@cache
def _own() -> Terms:
    file = resources.files("evenhand.consent") / "terms.yaml"
    return Terms.model_validate(yaml.safe_load(file.read_text("utf-8")))
