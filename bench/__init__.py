"""Measurements, to be repeated before and after a change.

price       what DynamoDB costs per million events, counted from the requests that process makes
throughput  how fast the running local cloud accepts and stores events
"""
