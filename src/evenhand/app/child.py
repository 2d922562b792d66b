"""How a process of `evenhand serve` and its parent go together: it says when it works, and ends with it."""

import os
import signal
import sys
import threading


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
