"""Klaviyo's reading API: profiles, metrics and events as JSON:API resources."""
