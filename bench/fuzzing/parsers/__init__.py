"""Every parser of the product: what it is fed, and what may come of that."""
