"""Klaviyo's contract: events one by one or in bulk, and the profiles of its client API."""
