"""Every fault as an RFC 9457 problem document, with a code that the page translates."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import OperationalError as DriverOperationalError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from evenhand.core.errors import Problem
from evenhand.core.routers import ProblemDocument

_log = structlog.get_logger()

PROBLEM_MEDIA_TYPE = "application/problem+json"
MAX_BODY = 1_048_576
"""The largest request body, in bytes."""


def problem_response(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    retry_after: int | None = None,
    extra: dict[str, object] | None = None,
) -> Response:
    """A problem document as a response."""
    document = ProblemDocument(title=title, status=status, detail=detail, code=code).model_dump()
    headers = {}
    if retry_after is not None:
        document["retry_after"] = retry_after
        headers["Retry-After"] = str(retry_after)
    return JSONResponse(document | (extra or {}), status, headers, media_type=PROBLEM_MEDIA_TYPE)


def too_large() -> Response:
    """What a body over `MAX_BODY` gets."""
    return problem_response(
        413,
        "body_too_large",
        "Too large",
        f"The request is larger than {MAX_BODY // 1024} KiB; send less.",
        extra={"limit": MAX_BODY},
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every exception of a route with a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(DriverOperationalError, _database)
    app.add_exception_handler(PoolTimeoutError, _busy)
    app.add_exception_handler(Exception, _unexpected)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(
        error.status,
        error.code,
        error.title,
        error.detail,
        retry_after=error.retry_after,
        extra=error.extra,
    )


async def _validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] in ("json_invalid", "json_type"):
        return problem_response(
            400, "malformed_json", "Not JSON", "The body of this request is not well-formed JSON."
        )
    place, *path = first["loc"]
    field = ".".join(str(part) for part in path) or str(place)
    return problem_response(
        422,
        "invalid_request",
        "This request cannot be carried out as it is",
        f"{field}: {first['msg']}.",
        extra={"field": field},
    )


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return problem_response(404, "not_found", "Not found", "There is nothing at this address.")
    if error.status_code == 400:
        return problem_response(
            400, "malformed_json", "Not JSON", "The body of this request is not well-formed JSON."
        )
    if error.status_code == 413:
        return too_large()
    return problem_response(error.status_code, "invalid_request", "Not allowed", f"{error.detail}.")


async def _database(_: Request, error: Exception) -> Response:
    _log.error("database_unavailable", reason=type(error).__name__)
    return problem_response(
        503,
        "unavailable",
        "Not available at the moment",
        "The arena's database does not answer; try again in a few seconds.",
        retry_after=5,
    )


async def _busy(_: Request, __: Exception) -> Response:
    _log.warning("database_connections_in_use")
    return problem_response(
        503,
        "busy",
        "Not available at the moment",
        "Too many requests wait for the arena's database already; try again in a few seconds.",
        retry_after=5,
    )


async def _unexpected(_: Request, error: Exception) -> Response:
    # The type alone: messages of database errors can hold what people wrote.
    _log.error("request_failed", error=type(error).__name__, exc_info=error)
    return problem_response(
        500, "failed", "Something failed", "Something failed here; the operator's log says what."
    )
