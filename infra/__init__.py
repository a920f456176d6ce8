"""The stack: one construct per concern, composed in `stack` in the order in which data flows."""
