"""What each address of the front door answers."""
