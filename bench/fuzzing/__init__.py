"""Fuzzing: whatever anybody sends is taken or refused; nothing breaks, hangs or grows."""
