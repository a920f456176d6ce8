"""What an event costs beside ever more of everything."""
