"""The real functions in moto, their requests to AWS as recorded, and the same played back."""
