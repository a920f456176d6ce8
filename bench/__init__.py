"""What Footfall costs, how fast it is, and what it survives: `make bench`, docs/performance.md."""
