"""What Footfall knows about events and customers: pure, without AWS, HTTP, clock or environ."""
