"""Find every space that fits a request, rank them, and say why."""
