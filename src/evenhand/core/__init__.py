"""What everything may use: ids, time, errors, settings."""
