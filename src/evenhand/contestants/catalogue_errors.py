"""What is wrong with a catalogue, in the words of someone who writes one."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evenhand.contestants.yaml_lines import Path
from evenhand.core.wrong_values import said_of, shown

_PATTERNS: Mapping[str, str] = {
    "slug": 'must be lower-case letters, digits, ".", "_" and "-", and begin with a letter or a digit',
    "base_url": "must begin with http:// or https://",
    "api_key_env": "must be the name of an environment variable, such as ACME_API_KEY, not the key itself",
}


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: where, and what, without the full stop."""

    path: Path
    said: str

    @property
    def place(self) -> str:
        """The path as people write it: `contestants[1].price.input`."""
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return place.removeprefix(".")


def mistakes_of(error: ValidationError, model: type[BaseModel]) -> list[Mistake]:
    """The mistakes in a pydantic error about `model`; missing fields last, as a misspelling may be why."""
    details = sorted(error.errors(), key=lambda detail: detail["type"] == "missing")
    return [Mistake(detail["loc"], _words(detail, model)) for detail in details]


def _words(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, path = detail["type"], detail["loc"]
    field = path[-1] if path else ""
    if kind == "extra_forbidden":
        return _unknown(str(field), _fields_at(path[:-1], model))
    if kind == "string_pattern_mismatch":
        said = _PATTERNS[str(field)]
        # No echo of what may hold a secret: a key in the wrong field, a password in an address.
        secret = field == "api_key_env" or "@" in detail["input"]
        return said if secret else f"{said}, not {shown(detail['input'])}"
    if kind == "model_type":
        return f"must be a mapping with the fields {', '.join(_fields_at(path, model))}"
    return said_of(detail)


def _unknown(field: str, known: list[str]) -> str:
    if field in {"api_key", "key", "token"}:
        return (
            "keys do not belong in this file; put it in an environment variable and name that in api_key_env"
        )
    near = difflib.get_close_matches(field, known, n=1)
    return "is not a known field; " + (
        f"perhaps {near[0]} is meant" if near else f"known are {', '.join(known)}"
    )


def _fields_at(path: Path, model: type[BaseModel]) -> list[str]:
    """The fields of the model that stands at `path` below `model`."""
    for step in path:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)
