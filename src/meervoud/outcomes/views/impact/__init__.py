"""The pages of impact plans."""
