"""Files as spaces, requests, areas and calendars."""
