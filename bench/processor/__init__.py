"""The CPU time and the memory that each function takes for an event."""
