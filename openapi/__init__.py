"""The OpenAPI description of the API, generated from the routes and the models that validate.

`python -m openapi` writes docs/openapi.json; a test fails when the file is not what it would write.
"""
