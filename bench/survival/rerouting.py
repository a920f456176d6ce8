"""Leads the functions to another endpoint of AWS, by their own configuration, and nothing else."""

import boto3

from tests.e2e.local_cloud import LocalCloud

VISIBILITY_SECONDS = 30
"""For so long a message that a dead worker held is held back: six minutes, where it is deployed."""

_QUEUES = ("EventsQueueUrl", "DueQueueUrl", "BackfillQueueUrl")


def lead_functions_to(endpoint: str) -> None:
    """Let every function find AWS there; boto3 must reach the cloud."""
    functions = boto3.client("lambda")
    for function in functions.list_functions()["Functions"]:
        variables = function.get("Environment", {}).get("Variables", {})
        functions.update_function_configuration(
            FunctionName=function["FunctionName"],
            Environment={"Variables": {**variables, "AWS_ENDPOINT_URL": endpoint}},
        )


def return_messages_soon(cloud: LocalCloud) -> None:
    """Let the queues hand out again what a dead worker held while the run lasts."""
    queues = boto3.client("sqs")
    for output in _QUEUES:
        queues.set_queue_attributes(
            QueueUrl=cloud.outputs[output],
            Attributes={"VisibilityTimeout": str(VISIBILITY_SECONDS)},
        )
