"""Line 5: planned and real usage moments, check-in, calendar feeds, and who must know of an evening in a building."""
