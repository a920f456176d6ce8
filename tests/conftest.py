"""What every test relies on: a made-up AWS identity, and no way out of this machine."""

import os

# Before anything imports boto3: no test may ever use the credentials of the person who runs it.
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    # moto answers streams only at the endpoint without the account's id in its name
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}
os.environ.pop("AWS_PROFILE", None)
