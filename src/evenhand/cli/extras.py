"""Commands whose libraries the bare package does not bring."""

import importlib
from types import ModuleType

from evenhand.core.errors import StartError
from evenhand.core.loading import loading


def server_module(name: str) -> ModuleType:
    """A module that needs the extra `server`. Raises `StartError` that names what is missing."""
    try:
        with loading():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("evenhand"):
            raise
        raise StartError(
            f"This command needs the library {error.name}; install it with: pip install 'evenhand[server]'"
        ) from None
