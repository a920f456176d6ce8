"""What the code of a function reaches, read from its source: settings and AWS operations.

Follows every name from the function's handler through the functions and the layer. It sees what a
function could do, not what one run of it did.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.infra.synthesis import ROOT

_SOURCES = (ROOT / "functions", ROOT / "layers" / "core" / "python")
_CLIENTS = {"dynamodb", "sqs", "events", "s3"}
_PARTS_OF_TRANSACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
"""What a part of a transaction is called in the request, and what it needs permission for."""

_TRANSACTION = "dynamodb:TransactWriteItems"


@dataclass(frozen=True)
class Definition:
    """A top-level name of a module."""

    module: str
    name: str


@dataclass(frozen=True)
class Module:
    """A module of ours: its top-level definitions, and where its imported names come from."""

    definitions: dict[str, list[ast.stmt]]
    imports: dict[str, Definition]


def settings_read_by(function: str) -> set[str]:
    """Return the settings that the function's code names."""
    return {
        node.attr
        for node in _reached_nodes(function)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Setting"
    }


def actions_of(function: str) -> set[str]:
    """Return the IAM actions of the operations that the function's code calls."""
    nodes = list(_reached_nodes(function))
    called = {
        f"{client}:{_action(operation)}" for node in nodes for client, operation in _calls(node)
    }
    if _TRANSACTION in called:  # it needs what its parts need
        called = called - {_TRANSACTION} | _parts_of_transactions(nodes)
    return called


def _calls(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the client and the operation, if the node calls one: by itself, or page by page."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id=client)), attr="get_paginator"),
            args=[ast.Constant(value=str(operation)), *_],
        ) if client in _CLIENTS:
            yield client, operation
        case ast.Attribute(value=ast.Call(func=ast.Name(id=client)), attr=operation) if (
            client in _CLIENTS and operation != "get_paginator"
        ):
            yield client, operation


def _parts_of_transactions(nodes: list[ast.AST]) -> set[str]:
    return {
        f"dynamodb:{_PARTS_OF_TRANSACTIONS[key.value]}"
        for node in nodes
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in _PARTS_OF_TRANSACTIONS
    }


def _action(operation: str) -> str:
    if operation == "send_message_batch":
        return "SendMessage"  # SQS has no permission of its own for a batch
    return "".join(word.capitalize() for word in operation.split("_"))


def _reached_nodes(function: str) -> Iterator[ast.AST]:
    handler = f"{function}.handler"
    pending = [Definition(handler, name) for name in _module(handler).definitions]
    seen = set(pending)
    while pending:
        definition = pending.pop()
        module = _module(definition.module)
        for statement in module.definitions.get(definition.name, []):
            for node in ast.walk(statement):
                yield node
                for used in _used_by(node, definition.module):
                    if used not in seen:
                        seen.add(used)
                        pending.append(used)


def _used_by(node: ast.AST, module_name: str) -> Iterator[Definition]:
    module = _module(module_name)
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in module.imports:
            source = module.imports[name]
            yield Definition(f"{source.module}.{source.name}", attribute)  # of an imported module
            yield source
        case ast.Name(id=name) if name in module.imports:
            yield module.imports[name]
        case ast.Name(id=name) if name in module.definitions:
            yield Definition(module_name, name)


@cache
def _module(name: str) -> Module:
    path = _path(name)
    if path is None:
        return Module({}, {})
    definitions: dict[str, list[ast.stmt]] = {}
    imports: dict[str, Definition] = {}
    program = ast.parse(path.read_text())
    for node in ast.walk(program):  # some are imported where they are first needed
        match node:
            case ast.ImportFrom(module=str(source), names=names):
                imports |= {
                    alias.asname or alias.name: Definition(source, alias.name) for alias in names
                }
    for statement in program.body:
        match statement:
            case ast.FunctionDef(name=defined) | ast.ClassDef(name=defined):
                definitions.setdefault(defined, []).append(statement)
            case (
                ast.Assign(targets=[ast.Name(id=defined)])
                | ast.AnnAssign(target=ast.Name(id=defined))
            ):
                definitions.setdefault(defined, []).append(statement)
    return Module(definitions, imports)


def _path(module: str) -> Path | None:
    for source in _SOURCES:
        base = source.joinpath(*module.split("."))
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if candidate.exists():
                return candidate
    return None
