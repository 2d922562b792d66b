"""Passkeys: an account that a device opens, without an address or a mail."""
