"""Commands of the server, each a thin one over an action."""
