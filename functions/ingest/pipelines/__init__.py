"""Customer.io's Pipelines API, on servers and in browsers, answered with 200 and `{}`."""
