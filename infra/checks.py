"""The rules that check the stack at every synthesis, and the findings we accept, with reasons."""

from typing import cast

from aws_cdk import Acknowledgment, CfnElement, Stack, Validations
from aws_cdk.aws_apigateway import Method
from aws_cdk.aws_s3 import Bucket
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from footfall.aws.keys import BODIES_PREFIX, MESSAGES_PREFIX

_OURS_TO_CHOOSE = "Python 3.13 is the newest runtime that all pinned wheels and tests cover."
_LAST_STOP = "It is where failures end up and wait for people; an alarm watches its depth."
_NO_TRACES = "Traces cost more than the calls; the eventId leads through the logs of all functions."
_NEXT_MINUTE = "A sweep that fails is made up for by the next one, a minute later."
_PREFIX_ONLY = "Objects below one prefix, by exactly the operations that the function needs."

ACCEPTED_FINDINGS = {
    "AwsSolutions::AwsSolutions-APIG2": (
        "The function validates: a JSON schema of the gateway names one fault, the contract all."
    ),
    "AwsSolutions::AwsSolutions-APIG3": (
        "A web ACL costs as much as the functions; docs/deploy.md says when to add one."
    ),
    "AwsSolutions::AwsSolutions-APIG6": (
        "Execution logs hold customer data; the access log tells what happened."
    ),
    "AwsSolutions::AwsSolutions-COG4": "Integrators are servers with an API key, not people.",
    "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role"
    "/AmazonAPIGatewayPushToCloudWatchLogs]": (
        "What API Gateway asks for before it writes any access log."
    ),
    "AwsSolutions::AwsSolutions-IAM5[Resource::*]": (
        "dynamodb:ListStreams of the streams' event sources: it knows no narrower resource."
    ),
    "AwsSolutions::AwsSolutions-L1": _OURS_TO_CHOOSE,
    "AwsSolutions::AwsSolutions-S1": (
        "Only six functions reach the bucket; CloudTrail data events can be switched on."
    ),
    "AwsSolutions::AwsSolutions-SQS3": _LAST_STOP,
    "Serverless::Serverless-APIGWDefaultThrottling": (
        "The usage plan throttles per store; a limit for all stores would let one starve another."
    ),
    "Serverless::Serverless-APIGWXrayEnabled": _NO_TRACES,
    "Serverless::Serverless-EventBusDLQ": _NEXT_MINUTE,
    "Serverless::Serverless-LambdaAsyncFailureDestination": _NEXT_MINUTE,
    "Serverless::Serverless-LambdaDLQ": (
        "Queues and streams have their own; only the sweep is invoked asynchronously."
    ),
    "Serverless::Serverless-LambdaEventSourceMappingDestination": (
        "Messages that fail go to their queue's dead-letter queue."
    ),
    "Serverless::Serverless-LambdaLatestVersion": _OURS_TO_CHOOSE,
    "Serverless::Serverless-LambdaTracing": _NO_TRACES,
    "Serverless::Serverless-SNSRedrivePolicy": (
        "The topic only mails alarms; the alarm itself stays visible when a mail is lost."
    ),
    "Serverless::Serverless-SQSRedrivePolicy": _LAST_STOP,
}


_KEY_IN_BODY = "The key is where the gateway cannot look, in the body: the function checks it."


def accept_open_method(method: Method) -> None:
    """Accept that this method has no authorizer; a finding about any other stays one."""
    Validations.of(method).acknowledge(
        Acknowledgment(id="AwsSolutions::AwsSolutions-APIG4", reason=_KEY_IN_BODY)
    )


def add_checks(stack: Stack, *, bodies: Bucket) -> None:
    """Let a finding that is not accepted here fail the synthesis."""
    bucket_id = stack.get_logical_id(cast("CfnElement", bodies.node.default_child))
    prefixes = {
        f"AwsSolutions::AwsSolutions-IAM5[Resource::<{bucket_id}.Arn>/{prefix}*]": _PREFIX_ONLY
        for prefix in (MESSAGES_PREFIX, BODIES_PREFIX)
    }
    validations = Validations.of(stack)
    validations.add_plugins(AwsSolutionsChecks(stack), ServerlessChecks(stack))
    validations.acknowledge(
        *(
            Acknowledgment(id=rule, reason=why)
            for rule, why in (ACCEPTED_FINDINGS | prefixes).items()
        )
    )
