"""Leaderboards: from votes to ratings that are shown."""
