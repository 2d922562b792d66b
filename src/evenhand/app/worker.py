"""One web process of `evenhand serve`, with the arguments LISTENER NUMBER OF.

LISTENER is a file descriptor; NUMBER, from 0, says which of how many processes this is.

Its parent starts it, and starts it again when it dies. It writes a line `ready` when it can be used, and
drains when its standard input is closed, for then its parent is gone.
"""

import socket
import sys

import uvloop

from evenhand.app.application import Parts, create_app
from evenhand.app.child import end_with_parent, say_ready
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
    end_with_parent()

    async def serve() -> None:
        assert settings.database_url is not None, "its parent says where the database is"
        share = Share(int(sys.argv[2]), int(sys.argv[3]))
        app = create_app(settings, settings.database_url, Parts(share=share, jobs=False))
        await ArenaServer(app, ending, say_ready).serve([listener])

    with ending.by_signals():
        uvloop.run(serve())
