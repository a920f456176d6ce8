"""Cold starts: how long a function takes until it has answered once, and what of that is ours."""
