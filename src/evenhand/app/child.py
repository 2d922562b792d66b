"""How a process of `evenhand serve` and its parent go together: it says when it works, and ends with it.

It is `python -m evenhand.app.child MODULE ARGUMENTS`, which loads the module and calls its `main`.
"""

import importlib
import os
import signal
import sys
import threading

from evenhand.core.loading import loading


def command(module: str, *arguments: str) -> list[str]:
    """What starts a child."""
    return [sys.executable, "-m", "evenhand.app.child", module, *arguments]


def say_ready() -> None:
    """Tell the parent that this process can be used."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def end_with_parent() -> None:
    """Send this process SIGTERM once its standard input is closed, for then its parent is gone."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    # Not by the buffered reader: the interpreter waits for its lock in the end.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _main() -> None:
    del sys.argv[0]
    with loading():
        module = importlib.import_module(sys.argv[0])
    module.main()


if __name__ == "__main__":
    _main()
