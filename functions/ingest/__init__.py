"""Ingest: checks what integrators send, and answers once the queue has it."""
