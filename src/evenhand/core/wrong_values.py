"""What is wrong with a value that an operator gave, in words of our own instead of pydantic's."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_WHOLE: Mapping[str, str] = {
    "missing": "is missing",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}
_TYPES: Mapping[str, str] = {
    "string_type": "must be text",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "path_type": "must be a path",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("must be at least", "ge"),
    "greater_than": ("must be more than", "gt"),
    "less_than_equal": ("must be at most", "le"),
}
_LONGEST = 40


def said_of(detail: ErrorDetails) -> str:
    """One of a `ValidationError`'s errors, without the full stop: `must be a whole number, not "many"`."""
    kind = detail["type"]
    about: dict[str, Any] = detail.get("ctx", {})
    if kind == "value_error":  # of a validator of ours, which says it in words already
        return str(about["error"])
    if kind in _WHOLE:
        return _WHOLE[kind]
    if kind == "string_too_long":
        return f"must have at most {about['max_length']} characters"
    if kind in _LIMITS:
        words, limit = _LIMITS[kind]
        said = f"{words} {about[limit]:g}"
    elif kind == "literal_error":
        said = f"must be {about['expected']}".replace("'", '"')
    else:
        said = _TYPES.get(kind, "must be something else")
    value = detail["input"]
    quotable = kind == "string_type" and not isinstance(value, list | dict | None)
    return f"{said}, not {shown(value)}" + ("; put it in quotes" if quotable else "")


def shown(value: object) -> str:
    """A value within a sentence, cut short when it is long."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    text = str(value)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return text if isinstance(value, int | float) else f'"{text}"'
