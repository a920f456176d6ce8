"""Ingest: what a request takes to be checked, packed and queued, beside what its bytes take."""
