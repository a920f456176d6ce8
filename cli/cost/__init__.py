"""`footfall cost`: what AWS charges, and what that makes of a user's own numbers."""
