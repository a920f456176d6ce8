"""The `footfall` command: what an operator does to a deployed stack, on AWS or on this machine."""
