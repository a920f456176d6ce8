"""Catalogue: keeps the event names of each store up to date, from the stream of stored events."""
