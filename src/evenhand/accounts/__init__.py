"""Who is here: guests, voters who signed in, and their sessions."""
