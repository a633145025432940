"""Meervoud: put vacant and under-used city space to social use, and show what it brought about."""

__version__ = "0.1.0"
