"""Conversation, draw, turns, streams, votes, reveal."""
