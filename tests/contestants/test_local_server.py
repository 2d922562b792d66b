import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from evenhand.arenas import load_arenas
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.demo_models import DEMO_MODELS, model_folders
from evenhand.contestants.fetching import find
from evenhand.contestants.local_server import LocalModels, Ports, can_run, is_free
from evenhand.contestants.service import configure
from evenhand.core.supervised import ChildError
from evenhand.gateway import Delta, Finish, Gateway, GatewayError, Message, StreamEvent

SMALLEST = DEMO_MODELS[0]


@contextmanager
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def test_a_model_keeps_its_port_from_start_to_start(tmp_path: Path) -> None:
    file = tmp_path / "data" / "ports.json"
    with taken() as port:
        model = replace(SMALLEST, port=port)
        first = await Ports(file).port(model)
        assert first > port
        assert is_free(first)
    assert await Ports(file).port(model) == first


async def test_two_models_do_not_get_one_port(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    one, other = (replace(model, port=18581) for model in DEMO_MODELS[:2])
    assert await ports.port(one) != await ports.port(other)


async def test_a_port_that_somebody_took_meanwhile_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    with taken() as port:
        file.write_text(f'{{"{SMALLEST.slug}": {port}}}')
        assert await Ports(file).port(SMALLEST) != port


@pytest.mark.parametrize("content", ["", "[]", "{", '{"smollm2-135m": "x"}'])
async def test_a_spoilt_file_of_ports_is_written_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(content)
    port = await Ports(file).port(SMALLEST)
    assert await Ports(file).port(SMALLEST) == port


@pytest.mark.skipif(not can_run(), reason="needs the extra `local`")
async def test_a_file_that_is_no_model_is_said_with_the_log(tmp_path: Path) -> None:
    broken = tmp_path / "model.gguf"
    broken.write_bytes(b"GGUF but not really")
    async with LocalModels(tmp_path) as models:
        with pytest.raises(
            ChildError, match=r"SmolLM2 135M: it does not start \(.+\); .*smollm2-135m\.log says more"
        ):
            await models.start(replace(SMALLEST, port=18591), broken)
    assert (tmp_path / "logs" / "smollm2-135m.log").stat().st_size > 0


async def test_a_library_that_a_small_linux_lacks_is_named_with_what_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "ImportError: libgomp.so.1: cannot open shared object file: No such file or directory"
    monkeypatch.setattr(
        "evenhand.contestants.local_server._command",
        lambda *_: [sys.executable, "-c", f"import sys; sys.exit({said!r})"],
    )
    async with LocalModels(tmp_path) as models:
        with pytest.raises(ChildError, match=r"libgomp\.so\.1: cannot .+apt install libgomp1"):
            await models.start(replace(SMALLEST, port=18595), tmp_path / "model.gguf")


async def answer(gateway: Gateway, entry: CatalogueEntry, prompt: str) -> tuple[str, str]:
    """The text of an answer and how it ended."""
    configuration = configure(entry, load_arenas()["text"])
    events: list[StreamEvent] = []
    await gateway.call(configuration, [Message("user", prompt)], events.append)
    text = "".join(event.text for event in events if isinstance(event, Delta))
    return text, next(event.reason for event in events if isinstance(event, Finish))


@pytest.mark.models
async def test_a_real_model_answers_refuses_what_is_too_long_and_comes_back_after_its_death(
    tmp_path: Path,
) -> None:
    if not can_run():
        pytest.skip("xllamacpp is not installed: pip install 'evenhand[local]'")
    file = await find(SMALLEST, model_folders(tmp_path))
    if file is None:
        pytest.skip(f"{SMALLEST.name} is not on this machine: evenhand contestants fetch")
    async with LocalModels(tmp_path) as models, Gateway() as gateway:
        entry = await models.start(SMALLEST, file)
        assert entry.demo
        assert entry.limits.at_once == 4
        text, reason = await answer(gateway, entry, "Say hello.")
        assert text.strip()
        assert reason in ("stop", "length")  # so small a model does not always end by itself

        with pytest.raises(GatewayError) as refused:
            await answer(gateway, entry, "word " * 6000)
        assert refused.value.code == "too_long"

        server = models.servers[entry.slug]
        before = server.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert (await answer_once_back(gateway, entry))[0].strip()
        assert server.pid != before


async def answer_once_back(gateway: Gateway, entry: CatalogueEntry) -> tuple[str, str]:
    """An answer from the same address; calls fail while nobody listens there or the model is being loaded."""
    while True:
        with suppress(GatewayError):
            return await answer(gateway, entry, "Say hello.")
