"""What came of it in money: a range with its seed, from claims, prices, adjustments and inputs; three lines never added."""
