"""The OpenAPI document as text, from which the page's client is generated."""

import json

from evenhand.app.application import create_app
from evenhand.core.settings import Settings


def document() -> str:
    """The document, in the same words every time. Needs no database."""
    app = create_app(Settings.model_construct(), "postgresql://")
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
