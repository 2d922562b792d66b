"""A shared page's address: the page, with what other sites read of it written into its head."""

from starlette.requests import Request
from starlette.responses import Response

from evenhand.accounts.door import base_url
from evenhand.app.static import Page
from evenhand.core.settings import Settings
from evenhand.sharing.heads import head_of
from evenhand.sharing.routes import UNLISTED
from evenhand.sharing.shares import open_share
from evenhand.storage.engine import Database


class SharedPage:
    """Answers GET requests for what links lead to."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def answer(self, request: Request) -> Response:
        """The page; with status 404, and saying nothing, where there is no such link."""
        database: Database = request.app.state.database
        settings: Settings = request.app.state.settings
        token = request.path_params["token"]
        async with database.unit_of_work() as work:
            found = await open_share(work.session, token)
        if found is None:
            response = await self._page.answer(request)
            response.status_code = 404
        else:
            address = f"{base_url(settings, request.scope)}/s/{token}"
            response = self._page.with_head(head_of(found[1], settings.name, address))
        response.headers.update({**UNLISTED, "cache-control": "no-store"})
        return response
