"""End to end: how fast the local cloud accepts, stores and decides, beside its emulator's pace."""
