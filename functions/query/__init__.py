"""Query: answers what integrators ask about their customers and events, and takes customers."""
