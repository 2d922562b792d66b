"""Evenhand: an open arena for AI models, whose fairness anyone can check."""
