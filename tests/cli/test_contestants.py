import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from evenhand.cli import main
from evenhand.contestants.catalogue import load_catalogue
from evenhand.contestants.discovery import discover
from evenhand.contestants.providers import providers
from tests.support.fake_provider import FakeProvider, Scenario

ENTRY = '  - {slug: %s, name: X, endpoint: {kind: openai, base_url: "%s", model: %s}}\n'


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Done]]


@pytest.fixture
def contestants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `evenhand contestants …` in an empty folder, beside the test's own event loop."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("EVENHAND_DATA", str(tmp_path))

    def call() -> int:
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code if isinstance(ended.value.code, int) else 0

    async def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["evenhand", "contestants", *arguments])
        return Done(await asyncio.to_thread(call), *capsys.readouterr())

    return run


async def test_what_is_added_is_listed_and_answers(contestants: Run, tmp_path: Path) -> None:
    async with FakeProvider(
        scenarios={"acme/Swift-1": Scenario(text="Good morning to all of you.")}
    ) as provider:
        added = await contestants("add", "--base-url", provider.base_url, "--model", "acme/Swift-1")
        assert added == (
            0,
            "swift-1 is in catalogue.yaml. Try it with: evenhand contestants check swift-1\n",
            "",
        )
        listed = await contestants("list")
        assert listed.code == 0
        assert listed.out.splitlines()[1].split() == ["swift-1", "Swift-1", "no", "catalogue.yaml"]
        checked = await contestants("check")
    assert checked.code == 0
    assert checked.out.startswith("swift-1 ")
    assert checked.out.endswith(" ms  Good morning to all of you.\n")


async def test_all_options_are_written(contestants: Run, tmp_path: Path) -> None:
    options = {
        "--slug": "deep",
        "--name": "Deep 1",
        "--organization": "Acme",
        "--license": "MIT",
        "--base-url": "https://api.example.com/v1",
        "--model": "deep-1",
        "--api-key-env": "ACME_API_KEY",
        "--price-input": "0.5",
        "--price-output": "2",
        "--context": "8192",
        "--at-once": "4",
        "--per-minute": "60",
        "--reasoning-effort": "low",
        "--arena": "text",
        "--catalogue": "other.yaml",
        "--kind": "anthropic",
    }
    done = await contestants(
        "add", "--fixed-sampling", *(word for option in options.items() for word in option)
    )
    assert done.code == 0
    assert "The variable ACME_API_KEY is not set here" in done.out
    (entry,) = load_catalogue(tmp_path / "other.yaml").contestants
    assert entry.model_dump(exclude_defaults=True) == {
        "slug": "deep",
        "name": "Deep 1",
        "organization": "Acme",
        "license": "MIT",
        "endpoint": {
            "kind": "anthropic",
            "base_url": "https://api.example.com/v1",
            "model": "deep-1",
            "api_key_env": "ACME_API_KEY",
            "fixed_sampling": True,
        },
        "price": {"input": 0.5, "output": 2.0},
        "context": 8192,
        "reasoning_effort": "low",
        "limits": {"at_once": 4, "per_minute": 60},
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--price-input", "1"], "--price-output: is missing."),
        (["--kind", "magic"], '--kind: must be "openai", "anthropic" or "google", not "magic".'),
        (["--at-once", "0"], "--at-once: must be at least 1, not 0."),
        (["--context", "0"], "--context: must be at least 1, not 0."),
        (["--arena", "chess"], '--arena: there is no arena "chess"; there is text.'),
        (
            ["--api-key-env", "sk-secret"],
            "--api-key-env: must be the name of an environment variable, such as ACME_API_KEY, "
            "not the key itself.",
        ),
        (["--base-url", "ftp://x"], '--base-url: must begin with http:// or https://, not "ftp://x".'),
        (
            ["--base-url", "http://me:secret@x/v1"],
            "--base-url: must hold no user name, password, query or fragment.",
        ),
    ],
)
async def test_a_wrong_option_is_named_and_nothing_is_written(
    contestants: Run, tmp_path: Path, options: list[str], said: str
) -> None:
    done = await contestants("add", "--base-url", "http://127.0.0.1:9/v1", "--model", "m", *options)
    assert done == (2, "", f"evenhand: {said}\n")
    assert not (tmp_path / "catalogue.yaml").exists()


async def test_a_catalogue_with_an_error_is_one_sentence(
    contestants: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENHAND_CATALOGUE", "ours.yaml")
    (tmp_path / "ours.yaml").write_text("contestants:\n  - slug: A\n")
    done = await contestants("list")
    assert done.code == 1
    assert done.err.startswith("evenhand: ours.yaml, line 2, contestants[0].slug: must be lower-case letters")
    assert done.err.count("\n") == 1


async def test_one_that_fails_is_shown_beside_one_that_answers(contestants: Run, tmp_path: Path) -> None:
    fine, broken = Scenario(text="Hello."), Scenario(fail_times=1 << 30, status=401, body="no such key")
    async with FakeProvider(scenarios={"fine": fine, "broken": broken}) as provider:
        (tmp_path / "catalogue.yaml").write_text(
            "contestants:\n" + "".join(ENTRY % (name, provider.base_url, name) for name in ("fine", "broken"))
        )
        done = await contestants("check")
        one = await contestants("check", "fine")
        nobody = await contestants("check", "nobody")
    assert done.code == 1
    first, second = done.out.splitlines()
    assert first.startswith("fine ")
    assert first.endswith(" ms  Hello.")
    assert second == "broken  failed    failed: HTTP 401: no such key"
    assert (one.code, len(one.out.splitlines())) == (0, 1)
    assert nobody == (2, "", 'evenhand: "nobody" does not compete; there is fine, broken.\n')


async def test_nobody_is_no_success(contestants: Run, tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text("contestants: []\n")
    listed, checked = await contestants("list"), await contestants("check")
    assert listed == (0, "Nobody competes yet; add someone with: evenhand contestants add --help\n", "")
    assert checked == (1, "Nobody to call; add someone with: evenhand contestants add --help\n", "")


@pytest.fixture
def nobody_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key in the environment and no server on this machine, whatever runs here."""
    monkeypatch.setattr("evenhand.contestants.lineup.discover", partial(discover, local_servers=()))
    for provider in providers():
        for name in provider.keys:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


async def test_who_may_cost_is_listed_with_the_price_within_80_columns(
    contestants: Run, nobody_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("MISTRAL_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    done = await contestants("list")
    header, *lines = done.out.splitlines()
    assert header.split() == ["Contestant", "Name", "May", "cost,", "USD/M", "From"]
    assert len(lines) == len({line.split()[0] for line in lines}) > 2  # a line each, none of them folded
    assert all(line.rstrip().endswith("_API_KEY") for line in lines)
    assert any("0.15 in, 0.6 out" in line for line in lines)


async def test_demo_models_are_listed_and_their_call_says_that_the_arena_must_run(
    contestants: Run, nobody_here: None
) -> None:
    listed, checked = await contestants("list"), await contestants("check")
    assert listed.out.splitlines()[1].split() == ["smollm2-135m", "SmolLM2", "135M", "no", "demo", "model"]
    assert checked.code == 1
    assert "smollm2-135m        failed    demo models answer while the arena runs" in checked.out


async def test_the_demo_models_of_a_running_arena_are_called_where_it_serves_them(
    contestants: Run, nobody_here: None, tmp_path: Path
) -> None:
    slugs = ("smollm2-135m", "qwen2.5-coder-0.5b")
    async with FakeProvider(scenarios={slug: Scenario(text="Hello.") for slug in slugs}) as provider:
        port = urlsplit(provider.base_url).port
        (tmp_path / "demo-ports.json").write_text(json.dumps(dict.fromkeys(slugs, port)))
        everyone, one = await contestants("check"), await contestants("check", slugs[0])
    assert everyone.code == 0
    assert [line.split()[0] for line in everyone.out.splitlines()] == list(slugs)
    assert everyone.out.count(" ms  Hello.") == 2
    assert (one.code, len(one.out.splitlines())) == (0, 1)


async def test_a_demo_model_nobody_knows_is_refused(contestants: Run) -> None:
    done = await contestants("fetch", "gpt-9")
    assert done.code == 2
    assert done.err.startswith('evenhand: there is no demo model "gpt-9"; there is smollm2-135m, ')
