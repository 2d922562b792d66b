"""Who competes: catalogue, configurations, discovery, demo models."""
