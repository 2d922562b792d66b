"""How heavy the page is before the first answer, in kB over the wire, and how soon it paints.

`python -m benchmarks.bench_page [--rounds N]`; needs Chromium and a built page. Every visit is a cold one.
"""

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path

from playwright.async_api import Response, async_playwright

from benchmarks.bench_arena import arena_on
from benchmarks.chromium import chromium
from evenhand.storage.embedded import EmbeddedPostgres

_PAINT = """() => new Promise(resolve => new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
        if (entry.name === 'first-contentful-paint') resolve(entry.startTime);
    }
}).observe({type: 'paint', buffered: true}))"""


async def visit(url: str) -> tuple[float, dict[str, float]]:
    """The first contentful paint in ms, and kB over the wire by kind of file."""
    weights: dict[str, float] = {}
    async with async_playwright() as playwright:
        browser = await chromium(playwright)
        page = await browser.new_page()

        async def weigh(response: Response) -> None:
            sizes = await response.request.sizes()
            kind = response.request.resource_type
            weights[kind] = weights.get(kind, 0.0) + sizes["responseBodySize"] / 1000

        page.on("response", weigh)
        await page.goto(url, wait_until="networkidle")
        paint = await page.evaluate(_PAINT)
        await browser.close()
    return float(paint), weights


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres.start(Path(folder)) as postgres:
        async with arena_on(postgres.url, paced=True) as (port, _):
            visits = [await visit(f"http://127.0.0.1:{port}/") for _ in range(rounds)]
    paint = statistics.median(paint for paint, _ in visits)
    print(f"first contentful paint, median of {rounds} cold visits: {paint:.0f} ms")
    weights = visits[-1][1]
    print("kB over the wire before the first answer: ", end="")
    print(", ".join(f"{kind} {kb:.1f}" for kind, kb in sorted(weights.items(), key=lambda item: -item[1])))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    asyncio.run(main(options.parse_args().rounds))
