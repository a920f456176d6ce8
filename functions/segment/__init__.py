"""Segment: the place of the function that will keep segments true, after the Events stream."""
