"""Consent: which terms hold, who agreed to them, and what stays out of releases."""
