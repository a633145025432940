"""Results as files and on the screen."""
