"""How long a later start takes, in s: from the command `evenhand up` to the first page.

`python -m benchmarks.bench_start [--rounds N]`; needs a built page. All is installed, and the database is
there: it is set up by a first start, which is not counted. Demo models are on where they are in the user's
cache, so that nothing is fetched. Beside it `evenhand --help`, which every command takes at least.
"""

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from evenhand.contestants.demo_models import USUAL_MODELS, model_folders

COMMAND = Path(sys.executable).with_name("evenhand")


def environment(data: Path, port: int) -> dict[str, str]:
    """An arena of its own, whatever is set here."""
    _, cache = model_folders(data)
    cached = all((cache / model.file_name).exists() for model in USUAL_MODELS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
    return kept | {
        "EVENHAND_DATA": str(data),
        "EVENHAND_PORT": str(port),
        "EVENHAND_LOCAL_MODELS": str(int(cached)),
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def status_of_page(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def start(folder: Path, settings: dict[str, str]) -> float:
    """The seconds that one start takes; it is ended in order."""
    began = time.monotonic()
    process = subprocess.Popen([COMMAND, "up"], cwd=folder, env=settings, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        if not any(line.startswith("Open ") for line in process.stdout):
            sys.exit("The arena did not start; it said why above.")
        status = status_of_page(int(settings["EVENHAND_PORT"]))
        took = time.monotonic() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    if status != 200:
        sys.exit("The page is not built: run make page.")
    return took


def help_of_command(folder: Path) -> float:
    began = time.monotonic()
    subprocess.run([COMMAND, "--help"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def line(what: str, seconds: Sequence[float]) -> str:
    return (
        f"{what}: median {statistics.median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f} s, "
        f"of {len(seconds)}"
    )


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # started by root, the database runs as another user
        settings = environment(folder / "data", free_port())
        print(f"first start, with the database to set up: {start(folder, settings):.2f} s")
        models = "on" if settings["EVENHAND_LOCAL_MODELS"] == "1" else "off"
        starts = [start(folder, settings) for _ in range(rounds)]
        print(line(f"later start to the first page, demo models {models}", starts))
        print(line("evenhand --help", [help_of_command(folder) for _ in range(rounds)]))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=10)
    main(options.parse_args().rounds)
