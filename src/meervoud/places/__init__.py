"""WHERE: neighbourhoods, buildings, spaces, and the clusters of the map."""
