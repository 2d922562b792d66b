"""Settings come along to other browsers, so people sign in here."""

from tests.accounts.conftest import mail, town

__all__ = ["mail", "town"]
