"""The bucket for what is too large elsewhere: envelopes for SQS, event bodies for DynamoDB."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, LifecycleRule
from constructs import Construct

from footfall.aws.keys import MESSAGES_PREFIX
from infra.config import Stage
from infra.queues import DEAD_LETTER_RETENTION, EVENTS_RETENTION


class Bodies(Construct):
    """A private bucket. Events stay as long as their items; envelopes longer than any message."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(scope, "Bodies")
        self.bucket = Bucket(
            self,
            "Bucket",
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            encryption=BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[LifecycleRule(prefix=MESSAGES_PREFIX, expiration=_envelope_life())],
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )


def _envelope_life() -> Duration:
    """Return twice the longest way through both queues: a dead letter can be re-driven once."""
    return Duration.days(2 * (EVENTS_RETENTION.to_days() + DEAD_LETTER_RETENTION.to_days()))
