"""What a cell says: numbers, amounts, times, days, positions, words."""
