"""What use amounts to: figures of the ledger, what a host contributed, and what may be shown of small groups."""
