"""Customer.io's Track API, versions 1 and 2: always answered with 200 and an empty object."""
