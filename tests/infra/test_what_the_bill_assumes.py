"""What the bill reckons with is what the stack deploys."""

from bench.bill.durations import MEMORY
from cli.cost.monthly import ALARMS
from tests.infra.synthesis import SynthesisedStack


def test_functions_have_the_memory_that_their_time_is_priced_with(dev: SynthesisedStack) -> None:
    deployed = {name: properties["MemorySize"] for name, properties in dev.functions().items()}
    assert MEMORY.items() <= deployed.items()


def test_every_alarm_is_paid(dev: SynthesisedStack) -> None:
    assert len(dev.resources("AWS::CloudWatch::Alarm")) == ALARMS


def test_functions_log_neither_start_nor_end(dev: SynthesisedStack) -> None:
    for properties in dev.functions().values():
        assert properties["LoggingConfig"]["SystemLogLevel"] == "WARN"
