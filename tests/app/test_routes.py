"""What is served is what the routers made."""

from evenhand.app.application import create_app
from evenhand.battles import routes as battles
from evenhand.core.settings import Settings


def test_no_route_is_made_a_second_time_while_a_first_request_waits() -> None:
    served = create_app(Settings(), "postgresql://127.0.0.1:1/none").routes
    assert battles.router.routes
    assert all(any(route is one for one in served) for route in battles.router.routes)
