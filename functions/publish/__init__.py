"""Publish: tells of entries and exits, to the Members table and to the event bus."""
