"""The running stack under schemathesis: every operation of docs/openapi.json, over HTTP."""
