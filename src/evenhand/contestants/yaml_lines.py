"""YAML read into plain values, with the line of every field, within limits that no honest file meets."""

import math
import unicodedata
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Where a value stands: `("contestants", 1, "price", "input")`."""

_LARGEST = 1 << 20
_DEEPEST = 12


class YamlError(ValueError):
    """The text is not YAML that is taken here; `line` counts from 1, `path` may be empty."""

    def __init__(self, line: int, path: Path, said: str) -> None:
        super().__init__(said)
        self.line = line
        self.path = path


@dataclass(frozen=True)
class LocatedYaml:
    """The value of a document (None when it is empty) and the line, from 1, of each path in it."""

    value: object
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse_yaml(text: str) -> LocatedYaml:
    """Read one document.

    Raises `YamlError` for what is not YAML, and for what YAML allows but a reader would overlook or a
    process would choke on: a field given twice, aliases, deep nesting, control characters, infinities.
    """
    if len(text) > _LARGEST:
        raise YamlError(1, (), f"is larger than {_LARGEST // 1024} KiB")
    try:
        _refuse_bombs(text)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return LocatedYaml(None, {})
        lines: dict[Path, int] = {}
        return LocatedYaml(_value(loader, node, (), lines), lines)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        raise YamlError(line, (), f"is not YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(line, (), f"has the character U+{error.character:04X}, which YAML forbids") from None


def _line(mark: Any) -> int:  # a Mark of the pure parser or of libyaml
    return mark.line + 1 if mark else 1


def _refuse_bombs(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            said = f"has the alias *{event.anchor}, which is not taken here; write the value out"
            raise YamlError(_line(event.start_mark), (), said)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise YamlError(_line(event.start_mark), (), f"is nested more than {_DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(line, path, "has a field whose name is not text")
            key = key_node.value
            if key in mapping:
                first = lines[(*path, key)]
                raise YamlError(line, (*path, key), f"is given twice; it stands on line {first} already")
            lines[(*path, key)] = line
            mapping[key] = _value(loader, value_node, (*path, key), lines)
        return mapping
    return _scalar(loader, node, path)


def _scalar(loader: yaml.SafeLoader, node: yaml.Node, path: Path) -> object:
    line = node.start_mark.line + 1
    try:
        value: object = loader.construct_object(node)
    except ValueError as error:  # a date such as 2026-99-99
        raise YamlError(line, path, f"cannot be read: {error}") from None
    if isinstance(value, float) and not math.isfinite(value):
        raise YamlError(line, path, "must be a finite number")
    if isinstance(value, str) and any(map(_is_control, value)):
        raise YamlError(line, path, "has a character that cannot be shown")
    return value


def _is_control(character: str) -> bool:
    # Surrogates too: YAML can write a lone one as an escape, and no database takes it.
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}
