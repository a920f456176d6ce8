"""The HTTP surface: routes, requests, problems, pages, and what a caller may do."""
