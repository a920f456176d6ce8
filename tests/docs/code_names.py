"""What the code names: commands, metrics and log messages, found in the code itself."""

import ast
from collections.abc import Iterator

from typer.core import TyperGroup
from typer.main import get_command

from cli.main import app
from tests.docs.documents import ROOT

_FOLDERS = ("functions", "layers/core/python")


def commands() -> Iterator[str]:
    """Yield the commands of the command line, such as `keys create`."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from (f"{name} {inner}" for inner in command.commands)
        else:
            yield name


def _calls() -> Iterator[ast.Call]:
    for folder in _FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text()))
            yield from (node for node in nodes if isinstance(node, ast.Call))


def metrics() -> set[str]:
    """Return the names of the metrics that the functions count."""
    return {
        str(key.value)
        for call in _calls()
        if isinstance(call.func, ast.Name) and call.func.id == "count"
        for argument in call.args
        if isinstance(argument, ast.Dict)
        for key in argument.keys
        if isinstance(key, ast.Constant)
    }


def log_messages() -> set[str]:
    """Return the messages that the functions log."""
    return {
        str(call.args[0].value)
        for call in _calls()
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "logger"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
