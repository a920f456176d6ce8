"""Footfall's shared package: the pure domain, and the adapters that carry it to AWS and HTTP."""
