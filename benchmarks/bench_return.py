"""How soon somebody who comes back goes on in a chat: `python -m benchmarks.bench_return [--rounds N]`.

A telephone whose processor is slowed down four times opens the list of its chats, each round in a new browser
that has nothing of the page yet. Then one tap on a chat: until its answers can be read, and one can write on.
Needs Chromium and a built page; the arena, its models and the browser share the machine. Exit code 1 where a
tap took longer than the bar.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, StorageState, async_playwright
from tests.support.arena import Arena, Voter, running_arena
from tests.support.fake_provider import Scenario

from benchmarks.bench_arena import percentile
from benchmarks.chromium import chromium
from evenhand.app.migrations import upgrade
from evenhand.storage.embedded import EmbeddedPostgres

CHATS, SLOWER = 50, 4
BAR = 1500.0
"""Milliseconds that it may take from the tap on."""
PHONE = {"width": 390, "height": 844}
ANSWER = (
    """## The lens bundles its light

A lens of *focal length* $f$ sends what comes from its focus out in one direction:

$$\\frac{1}{f} = \\frac{1}{a} + \\frac{1}{b}$$

| part | what it does |
|---|---|
| lamp | shines |
| lens | bundles |

```python
for lamp in lighthouse:
    lamp.turn()
```

"""
    + "Sailors know each lighthouse by the rhythm of its light. " * 30
)

_FROM_THE_TAP = """() => {
    window.opened = new Promise(resolve => addEventListener("click", () => {
        const tapped = performance.now();
        (function look() {
            const set = [...document.querySelectorAll("main .katex")].some(one => one.checkVisibility());
            if (set && document.querySelector("[data-testid=composer]:enabled")) {
                resolve(performance.now() - tapped);
            } else requestAnimationFrame(look);
        })();
    }, {once: true, capture: true}));
}"""


async def chats(arena: Arena, voter: Voter) -> None:
    """Asks and votes in each of many chats."""
    scenario = Scenario(text=ANSWER)
    await arena.enter(arena.entry("swift", scenario), arena.entry("calm", scenario))
    for number in range(CHATS):
        _, asked = await voter.battle(f"Why does lighthouse {number} turn?")
        await voter.vote(asked["battle_id"])


async def come_back(browser: Browser, url: str, state: StorageState) -> tuple[float, float]:
    """Until the list is there, and from the tap on."""
    context = await browser.new_context(base_url=url, viewport=PHONE, has_touch=True, storage_state=state)
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.perf_counter()
    await page.goto("/history", wait_until="commit")
    chat = page.locator("main li a").nth(3)
    await chat.wait_for()
    listed = time.perf_counter()
    await page.evaluate(_FROM_THE_TAP)
    await chat.tap()
    opened: float = await page.evaluate("opened")
    await context.close()
    return (listed - began) * 1000, opened


async def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres.start(Path(folder)) as postgres:
        upgrade(postgres.url)
        async with running_arena(postgres.url) as arena, async_playwright() as playwright:
            voter = arena.voter()
            await chats(arena, voter)
            cookie = {"name": "evenhand", "value": voter.cookie, "domain": "127.0.0.1", "path": "/"}
            state: StorageState = {"cookies": [cookie], "origins": []}  # type: ignore[list-item]
            browser = await chromium(playwright)
            times = [await come_back(browser, arena.base_url, state) for _ in range(rounds + 1)][1:]
            await browser.close()
    print(f"a telephone {SLOWER} times slower than this machine, {CHATS} chats, {rounds} rounds")
    names = "until the list is there", "from the tap on"
    for name, values in zip(names, zip(*times, strict=True), strict=True):
        print(f"{name:>24}, ms: p50 {percentile(values, 0.5):.0f}, most {max(values):.0f}")
    slowest = max(tapped for _, tapped in times)
    print(f"bar {BAR:g} ms from the tap on: {'holds' if slowest < BAR else 'BROKEN'}")
    return int(slowest >= BAR)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=10)
    sys.exit(asyncio.run(main(options.parse_args().rounds)))
