"""Signing in with what somebody has elsewhere: OpenID Connect, and GitHub's OAuth 2."""
