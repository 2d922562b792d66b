"""Back-ups: one file that holds an arena, and the way back from it."""
