"""WHO: people, organisations, memberships, programmes, roles, messages."""
