"""Line 1: offers, opening hours, terms; calendar.py owns every occupation of a space."""
