"""The browser that benchmarks of the page drive."""

import os
import shutil
import sys

from playwright.async_api import Browser, Playwright


async def chromium(playwright: Playwright) -> Browser:
    """Start it, with no traffic of its own. Ends the process where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        sys.exit("There is no Chromium: install it (on Debian: apt install chromium).")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return await playwright.chromium.launch(
        executable_path=path, args=["--disable-background-networking", *sandbox]
    )
