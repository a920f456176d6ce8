"""The adapters to AWS, the only modules that know boto3; one for each table, queue or bucket."""
