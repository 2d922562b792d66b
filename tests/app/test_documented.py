"""What is not documented does not exist: settings, routes, commands, error codes, notices, pages."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import typer

from evenhand.app.openapi import document
from evenhand.battles.events import BattleEvent, BattleStreamEvent, DeltaEvent, Part, ResponseEvent
from evenhand.cli import app
from evenhand.core.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `EVENHAND_{name.upper()}` \| (.+) \| (.+) \|$", read("settings.md"), re.MULTILINE)
    assert row, f"EVENHAND_{name.upper()} is missing in docs/settings.md"
    default = Settings.model_fields[name].default
    if isinstance(default, bool):
        default = int(default)
    if default is not None and not isinstance(default, Path):
        assert f"`{default:g}`" in row[1] if isinstance(default, float) else f"`{default}`" in row[1]


def test_no_setting_is_described_that_does_not_exist() -> None:
    described = set(re.findall(r"`EVENHAND_([A-Z_]+)`", read("settings.md")))
    assert described == {name.upper() for name in Settings.model_fields}


def routes() -> Iterator[str]:
    for path, methods in json.loads(document())["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path}"


@pytest.mark.parametrize("route", sorted(routes()))
def test_every_route_is_described(route: str) -> None:
    assert f"`{route}`" in read("api.md")


def test_no_route_is_described_that_does_not_exist() -> None:
    described = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /api/v1[^`]*)`", read("api.md")))
    assert described <= {*routes(), "GET /api/v1/openapi.json"}


def test_the_document_says_what_errors_are_sent_as() -> None:
    for methods in json.loads(document())["paths"].values():
        for operation in methods.values():
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]


def events() -> Iterator[BattleStreamEvent]:
    """One of each kind, with everything that it can have."""
    one = UUID(int=1)
    yield DeltaEvent(Part(one, one, one, "a", 1, 0, "text"), 0, "Because")
    yield ResponseEvent(one, one, one, "a", 1, "done", "failed", "stop")
    yield BattleEvent(one, one, one, "redrawn", one, ("c0ffee", "c0ffee"), in_line=True)


@pytest.mark.parametrize("event", list(events()), ids=lambda event: event.kind)
def test_every_event_is_described_with_all_it_can_have(event: BattleStreamEvent) -> None:
    row = re.search(rf"^\| `{event.kind}` \| (.+) \|$", read("api.md"), re.MULTILINE)
    assert row
    assert set(re.findall(r"`(\w+)`", row[1])) == set(json.loads(event.data()))


def commands(group: Any, prefix: str = "evenhand") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def all_commands() -> dict[str, Any]:
    return dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_command_and_option_is_described(name: str) -> None:
    section = re.search(rf"^## `{name}`$(.*?)(?=^## |\Z)", read("commands.md"), re.MULTILINE | re.DOTALL)
    assert section, f"{name} is missing in docs/commands.md"
    for parameter in all_commands()[name].params:
        options = [option for option in parameter.opts if option.startswith("--") and option != "--help"]
        for option in options:
            assert f"`{option}`" in section[1]


def codes_in_source() -> set[str]:
    source = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "src" / "evenhand").rglob("*.py")
        if "cli" not in path.parts
    )
    raised = re.findall(
        r"(?:Invalid|NotFound|Conflict|Forbidden|TooLarge|TooMany|Unavailable)\(\s*\"([a-z_]+)\"", source
    )
    answered = re.findall(r"problem_response\(\s*\d+,\s*\"([a-z_]+)\"", source)
    return {*raised, *answered}


@pytest.mark.parametrize("code", sorted(codes_in_source()))
def test_every_error_code_is_described(code: str) -> None:
    assert f"`{code}`" in read("api.md")
