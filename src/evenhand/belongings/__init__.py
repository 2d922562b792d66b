"""What one has here: taken along, and deleted."""
