"""SQLite with a fair queue before each transaction that may write."""
