"""The front door: settings, addresses, pages of the city, imports, reactions."""
