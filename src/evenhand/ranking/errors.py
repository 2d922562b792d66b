"""What can be wrong with votes or with what is asked of them."""


class RankingError(ValueError):
    """Votes or options that cannot be used. Its text is one sentence that says what and where."""
