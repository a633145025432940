"""The arguments of the command and their help."""
