"""The engine once more, slow and plain: no arrays, no bits, every half-hour looked at. Tests compare the two."""
