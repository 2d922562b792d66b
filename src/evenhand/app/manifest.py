"""What a browser needs to know to install the page as an app."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from evenhand.core.settings import Settings

GROUND = "#faf7f2"
"""The light theme's ground, as in web/src/styles/tokens.css: a manifest knows one colour alone.

The page sets that of its window's bar by the theme that is shown (web/src/app/theme.ts).
"""

ICONS = (
    {"src": "/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
    {"src": "/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
    {"src": "/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
)


async def manifest(request: Request) -> Response:
    """The manifest, under the arena's own name."""
    settings: Settings = request.app.state.settings
    content = {
        "id": "/",
        "name": settings.name,
        "short_name": settings.name,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": GROUND,
        "background_color": GROUND,
        "icons": ICONS,
    }
    headers = {"cache-control": "no-cache"}
    return JSONResponse(content, headers=headers, media_type="application/manifest+json")
