"""Impact from files: published prices, cases to value, and how a statement is said."""
