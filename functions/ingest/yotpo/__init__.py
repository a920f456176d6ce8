"""Yotpo's contract: one custom customer event at a time, and tokens for the sake of its clients."""
