"""Process: drains the events queue and stores each event once, on the right customer's timeline."""
