"""The segment language: what a definition means, for a customer and an instant. Pure."""
