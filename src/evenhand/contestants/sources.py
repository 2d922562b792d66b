"""What every place that model files come from has in common."""

from evenhand.core.errors import EvenhandError


class SourceError(EvenhandError):
    """A place did not give the file; the text says why, without a full stop."""
