"""What a deployment decides: its stage, and what the CDK context adds to it.

cdk deploy -c stage=dev|prod [-c domainName=... -c certificateArn=...] [-c alarmEmail=...]
           [-c storedEvents=true]
"""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk.aws_logs import RetentionDays
from constructs import Node

from infra.pythons import LAMBDA, THIS_ONE, Python


@dataclass(frozen=True, slots=True)
class Stage:
    """What differs between the stages; everything else is the same stack.

    Attributes:
        keeps_data: tables and bucket outlive the stack, and nobody deletes them by mistake.
        warm_writes: writes per second that the tables written once per event take from their first
            second on; None leaves DynamoDB's default for a new table, 4,000.
        authorizer_cache: for how long the gateway remembers an API key; also how long a revoked
            one still works.
        python: what runs the functions; their code is packed for it.
    """

    name: str
    keeps_data: bool
    log_retention: RetentionDays
    warm_writes: int | None
    authorizer_cache: Duration
    python: Python


_STAGES = (
    Stage(
        name="dev",
        keeps_data=False,
        log_retention=RetentionDays.ONE_WEEK,
        warm_writes=None,
        authorizer_cache=Duration.seconds(60),
        python=LAMBDA,
    ),
    Stage(
        name="prod",
        keeps_data=True,
        log_retention=RetentionDays.THREE_MONTHS,
        warm_writes=12_000,  # one store at its limit sends 10,100 events per second
        authorizer_cache=Duration.seconds(60),
        python=LAMBDA,
    ),
    Stage(
        name="local",
        keeps_data=False,
        log_retention=RetentionDays.ONE_DAY,
        warm_writes=None,
        authorizer_cache=Duration.seconds(2),
        python=THIS_ONE,
    ),
)
STAGES = {stage.name: stage for stage in _STAGES}


@dataclass(frozen=True, slots=True)
class CustomDomain:
    """A domain name of your own, with its ACM certificate in the stack's region."""

    name: str
    certificate_arn: str


@dataclass(frozen=True, slots=True)
class Config:
    """The stage, and the choices of this account.

    Attributes:
        custom_domain: serves the API at the root of this domain as well.
        alarm_email: is told about every alarm.
        publishes_stored_events: the bus carries every stored event, beside the segments'
            transitions; it costs a dollar per million.
    """

    stage: Stage
    custom_domain: CustomDomain | None = None
    alarm_email: str | None = None
    publishes_stored_events: bool = False


def read_config(node: Node) -> Config:
    """Return the configuration that the CDK context asks for; the stage is dev unless named.

    Raises:
        ValueError: for an unknown stage, a domain without its certificate (and vice versa), or a
            choice that is neither true nor false.
    """
    stage = STAGES.get(node.try_get_context("stage") or "dev")
    if stage is None:
        raise ValueError(f"stage is one of {', '.join(STAGES)}")
    domain_name = node.try_get_context("domainName")
    certificate_arn = node.try_get_context("certificateArn")
    if bool(domain_name) != bool(certificate_arn):
        raise ValueError("domainName and certificateArn belong together")
    return Config(
        stage,
        CustomDomain(domain_name, certificate_arn) if domain_name else None,
        node.try_get_context("alarmEmail"),
        _read_choice(node, "storedEvents"),
    )


def _read_choice(node: Node, name: str) -> bool:
    """Return a choice: the command line says it as text, cdk.json may say it as a boolean."""
    chosen = node.try_get_context(name)
    if chosen in {None, "false", False}:
        return False
    if chosen in {"true", True}:
        return True
    raise ValueError(f"{name} is true or false")
