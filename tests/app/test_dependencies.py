"""What routes depend on costs them no thread."""

import inspect
from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from evenhand.accounts import routes as accounts
from evenhand.app import instance
from evenhand.battles import routes as battles
from evenhand.boards import routes as boards
from evenhand.contestants import routes as contestants


def needs(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from needs(one)


ROUTERS = [instance.router, accounts.router, contestants.router, battles.router, boards.router]


@pytest.mark.parametrize("router", ROUTERS)
def test_nothing_that_a_route_depends_on_waits_for_a_thread(router: APIRouter) -> None:
    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    calls = {one.call for route in routes for one in needs(route.dependant)}
    assert calls
    plain = [
        call.__qualname__
        for call in calls
        if not (inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call))
    ]
    assert plain == []
