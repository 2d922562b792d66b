"""One's own conversations: found again, kept in order, opened where one left."""
