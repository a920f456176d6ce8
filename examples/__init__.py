"""Examples that run against the local cloud of `make run`."""
