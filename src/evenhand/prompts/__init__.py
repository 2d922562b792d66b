"""One's own prompts, kept to be asked again."""
