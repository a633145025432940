"""Line 6-7: what use amounts to, and what is told of it: figures, reports, the host's ESG page."""
