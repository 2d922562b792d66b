"""Arenas: what each takes, gives and allows, as configuration."""

from evenhand.arenas.files import Arena, Mode, Sampling, load_arenas

__all__ = ["Arena", "Mode", "Sampling", "load_arenas"]
