"""Routers of the API: where their routes are, and what all of them say when something fails.

Their routes are what the application serves, as they are. Those of routers that are included would be made a
second time for it, with the first request that comes, which would wait a quarter of a second.
"""

from fastapi import APIRouter
from pydantic import BaseModel

API = "/api/v1"
"""What the path of every route begins with."""


class ProblemDocument(BaseModel):
    """An RFC 9457 problem document; further members hold the figures of `detail`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str


def api_router(tag: str) -> APIRouter:
    """A router without routes; `tag` is what the OpenAPI document sorts them by."""
    problem = {
        "model": ProblemDocument,
        "description": "An RFC 9457 problem document; its `code` is translated by the page",
    }
    return APIRouter(prefix=API, tags=[tag], responses={"default": problem})
