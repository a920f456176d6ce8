"""What an event costs on AWS: requests and units counted from the real handlers, and priced."""
