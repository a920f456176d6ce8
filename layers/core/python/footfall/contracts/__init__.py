"""The wire contracts of the API families, one module each; every one ends in the same Event."""
