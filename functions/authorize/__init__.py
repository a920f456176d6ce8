"""Authorize: tells API Gateway whose key a request brings, and which store it opens."""
