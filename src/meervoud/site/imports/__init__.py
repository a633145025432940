"""Sheets in and out: preview, confirm, undo, export, and the demo city."""
