"""Sweep: finds, each minute, the customers who fall due and the walks that stand still."""
