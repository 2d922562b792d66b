"""Who is here: guests and their sessions."""
