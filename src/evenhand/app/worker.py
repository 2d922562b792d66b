"""One web process of `evenhand serve`: `python -m evenhand.app.worker LISTENER NUMBER OF`.

LISTENER is a file descriptor; NUMBER, from 0, says which of how many processes this is.

Its parent starts it, and starts it again when it dies. It writes a line `ready` when it can be used, and
drains when its standard input is closed, for then its parent is gone.
"""

import os
import signal
import socket
import sys
import threading

import uvloop

from evenhand.app.application import Parts, create_app
from evenhand.app.ending import Ending
from evenhand.app.logging import configure_logging
from evenhand.app.server import ArenaServer
from evenhand.core.settings import load_settings
from evenhand.gateway.queues import Share


def main() -> None:
    """Serve until a signal ends it."""
    settings = load_settings()
    configure_logging(settings.log_level)
    listener = socket.socket(fileno=int(sys.argv[1]))
    ending = Ending()
    threading.Thread(target=_drain_without_parent, daemon=True).start()

    async def serve() -> None:
        assert settings.database_url is not None, "its parent says where the database is"
        share = Share(int(sys.argv[2]), int(sys.argv[3]))
        app = create_app(settings, settings.database_url, Parts(share=share))
        await ArenaServer(app, ending, _say_ready).serve([listener])

    with ending.by_signals():
        uvloop.run(serve())


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _drain_without_parent() -> None:
    # Not by the buffered reader: the interpreter waits for its lock in the end.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
