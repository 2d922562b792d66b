"""Adding to a catalogue file without touching what stands in it, comments and all."""

import os
import tempfile
from collections.abc import Collection
from pathlib import Path

import yaml

from evenhand.contestants.catalogue import CatalogueEntry, parse_catalogue, read_catalogue
from evenhand.core.errors import InputError

_NEW_FILE = """\
# Who competes here. Every field is described in docs/contestants.md.
contestants:
"""


def append_entry(path: Path, entry: CatalogueEntry, arenas: Collection[str] = ("text",)) -> None:
    """Add an entry to the end of the list in a catalogue file, which is made when there is none.

    The file is replaced as a whole or not at all. Raises `StartError` when what stands in it is wrong,
    `InputError` when the entry cannot be added to it.
    """
    path = path.resolve()  # the target of a link is replaced, not the link
    if path.exists():
        old = read_catalogue(path)
        before = parse_catalogue(old, path, arenas)
        if any(other.slug == entry.slug for other in before.contestants):
            raise InputError(f'{path}: "{entry.slug}" is there already; choose another --slug.')
        contestants, new = before.contestants, _with_entry(old, entry)
    else:
        contestants, new = (), _NEW_FILE + _item(entry, 2)
    after = parse_catalogue(new, path, arenas).contestants if new else None
    if new is None or after != (*contestants, entry):
        raise InputError(f"{path}: the list cannot be added to as it is written; add the entry by hand.")
    _replace(path, new)


def _with_entry(text: str, entry: CatalogueEntry) -> str | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode), "the caller has read it as a catalogue"
    key, items = next(pair for pair in root.value if pair[0].value == "contestants")
    lines = text.splitlines(keepends=True)
    if not items.value:
        if items.flow_style and items.start_mark.line == items.end_mark.line == key.start_mark.line:
            line = lines[key.start_mark.line]
            kept = line[: items.start_mark.column].rstrip() + line[items.end_mark.column :]
            lines[key.start_mark.line] = kept if kept.endswith("\n") else f"{kept}\n"
            lines.insert(key.start_mark.line + 1, _item(entry, 2))
            return "".join(lines)
        return None
    if items.flow_style:
        return None
    last = _last_line(items) + 1
    if not lines[last - 1].endswith("\n"):
        lines[last - 1] += "\n"
    lines.insert(last, _item(entry, items.start_mark.column))
    return "".join(lines)


def _last_line(node: yaml.Node) -> int:
    """The line, from 0, of the last thing in a node; its own end mark lies after trailing comments."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end: yaml.Mark = node.end_mark
    return end.line if end.column > 0 else max(end.line - 1, 0)


def _item(entry: CatalogueEntry, indent: int) -> str:
    fields = entry.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(
        [fields], sort_keys=False, allow_unicode=True, width=1 << 20, default_flow_style=None
    )
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())


def _replace(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(text)
        temporary = Path(file.name)
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from None
