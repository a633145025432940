"""The pages of demand."""
