"""For whoever votes: their own board, what happened since they left, and their guesses at who answered."""
