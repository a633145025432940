"""Line 2: requests for space."""
