"""Redo's contract: one event or up to a hundred, answered with 202 and nothing."""
