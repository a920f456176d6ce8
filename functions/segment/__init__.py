"""Segment: decides customers by their events and profiles, as the tables' streams tell them."""
