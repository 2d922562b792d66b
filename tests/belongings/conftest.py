"""What these tests share: an arena with a mail server, whose time is the test's."""

from tests.accounts.conftest import mail, town

__all__ = ["mail", "town"]
