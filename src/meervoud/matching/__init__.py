"""Line 3: what fits a request, and who would fit a space; rows -> core.engine -> rows."""
