"""Codes and numbers in sentences, in three languages."""
