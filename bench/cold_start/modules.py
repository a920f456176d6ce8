"""Where the time of importing goes: what each package takes for itself, by `-X importtime`."""

import re
from collections.abc import Iterable, Mapping

_LINE = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")
_MICROSECONDS = 1_000
_SMALL = 0.5
_STANDARD_LIBRARY = "Python itself"
_REST = "the rest"
_MAKERS = {
    **dict.fromkeys(("boto3", "botocore", "s3transfer", "jmespath", "dateutil"), "AWS SDK"),
    **dict.fromkeys(("six", "urllib3"), "AWS SDK"),
    **dict.fromkeys(("pydantic", "pydantic_core", "annotated_types"), "pydantic"),
    **dict.fromkeys(("typing_extensions", "typing_inspection"), "pydantic"),
    **dict.fromkeys(("aws_lambda_powertools",), "Powertools"),
    **dict.fromkeys(("jiter", "msgspec"), "JSON"),
    **dict.fromkeys(("phonenumbers",), "phonenumbers"),
}
_OURS = "Footfall"


def own_times(reports: Iterable[str]) -> Mapping[str, float]:
    """Return the milliseconds that each module took for itself: the least of several reports.

    A module's own time does not hold that of the modules which it imports.
    """
    least: dict[str, float] = {}
    for report in reports:
        for microseconds, module in _LINE.findall(report):
            time = int(microseconds) / _MICROSECONDS
            least[module] = min(time, least.get(module, time))
    return least


def by_maker(times: Mapping[str, float], function: str) -> Mapping[str, Mapping[str, float]]:
    """Return the times of modules by who made them, and by package; small packages are one."""
    makers: dict[str, dict[str, float]] = {}
    for module, time in times.items():
        top = module.partition(".")[0]
        is_ours = top in {"footfall", function}
        maker = _OURS if is_ours else _MAKERS.get(top, _STANDARD_LIBRARY)
        package = ".".join(module.split(".")[:2]) if top == "footfall" else top
        packages = makers.setdefault(maker, {})
        packages[package] = packages.get(package, 0) + time
    return {maker: _without_small(packages) for maker, packages in sorted(makers.items())}


def _without_small(packages: Mapping[str, float]) -> Mapping[str, float]:
    large = {package: time for package, time in packages.items() if time >= _SMALL}
    rest = sum(packages.values()) - sum(large.values())
    found = dict(sorted(large.items(), key=lambda one: -one[1])) | ({_REST: rest} if rest else {})
    return {package: round(time, 2) for package, time in found.items()}
