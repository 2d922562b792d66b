"""Logs: lines on standard error, about what happens, never about what people wrote."""

import logging
import sys
import traceback
from typing import TextIO

import structlog
from structlog.typing import ExcInfo

from evenhand.core.errors import StartError
from evenhand.core.wrong_values import shown

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure_logging(level: str) -> None:
    """Log from this level up. Raises `StartError` for a level that does not exist."""
    number = _LEVELS.get(level.lower())
    if number is None:
        raise StartError(f"EVENHAND_LOG_LEVEL must be one of {', '.join(_LEVELS)}, not {shown(level)}.")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_where),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.WARNING), format="%(levelname)s %(name)s: %(message)s")


def _where(out: TextIO, error: ExcInfo) -> None:
    """Where an exception came from, and its type.

    Not its message, and not the values of variables: both can hold what people wrote.
    """
    kind, _, place = error
    out.write("\n" + "".join(traceback.format_tb(place)) + kind.__qualname__)
