"""Stands between the functions and AWS, and lets the calls go wrong that a plan draws.

Answers that are cut off have to be cut within a connection: so this speaks HTTP itself.
"""

import asyncio
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import h11
import httpx

from bench.survival.answers import Answer, failed, halved, throttled, with_left
from bench.survival.faults import Fault, FaultPlan, Operation, operation_of
from local.settings import HOST

_PIECE = 65_536
_SECONDS_TO_ANSWER = 60
_SLOW_SECONDS = (0.05, 0.8)
_TOO_SLOW_SECONDS = 5.5
"""A function waits five seconds for an answer."""

_AGAIN_SECONDS = (0.2, 2.0)
_NOT_FORWARDED = frozenset(
    {b"connection", b"host", b"content-length", b"transfer-encoding", b"expect"}
)
_RETURNED = ("content-type", "x-amzn-requestid", "x-amz-crc32", "etag", "x-amzn-query-error")


class _CutOff(Exception):  # noqa: N818 - what the client sees
    """The connection is to end here."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def operation(self) -> Operation:
        targets = (value for name, value in self.headers if name == b"x-amz-target")
        return operation_of(next(targets, b"").decode(), self.method)


@contextmanager
def faulty_aws(aws: str, plan: FaultPlan) -> Iterator[str]:
    """Serve AWS, with the faults of a plan, while the block runs; yield its endpoint."""
    started = threading.Event()
    proxy = _Proxy(aws, plan, started)
    thread = threading.Thread(target=asyncio.run, args=(proxy.run(),), name="faulty-aws")
    thread.start()
    try:
        if not started.wait(_SECONDS_TO_ANSWER):
            raise RuntimeError("the proxy does not start")
        yield proxy.endpoint
    finally:
        proxy.end()
        thread.join()


class _Proxy:
    def __init__(self, aws: str, plan: FaultPlan, started: threading.Event) -> None:
        self.endpoint = ""
        self._aws = aws
        self._plan = plan
        self._chance = random.Random(aws)  # noqa: S311 - only spreads the pauses
        self._started = started
        self._later: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        async with httpx.AsyncClient(
            base_url=self._aws,
            timeout=_SECONDS_TO_ANSWER,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64),
            trust_env=False,
        ) as self._client:
            server = await asyncio.start_server(self._serve, HOST, 0)
            self.endpoint = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
            self._started.set()
            async with server:
                await self._ended.wait()
                for writer in self._open:
                    writer.close()
            await asyncio.gather(*self._later, return_exceptions=True)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        self._open.add(writer)
        try:
            with suppress(OSError, _CutOff, h11.RemoteProtocolError, httpx.TransportError):
                while request := await _read(connection, reader, writer):
                    await self._answer(connection, request, writer)
                    if connection.our_state is not h11.DONE:
                        break
                    connection.start_next_cycle()
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(
        self, connection: h11.Connection, request: _Request, writer: asyncio.StreamWriter
    ) -> None:
        operation = request.operation
        fault = self._plan.draw(operation)
        if fault is Fault.CUT:
            raise _CutOff
        answer = await self._answer_with(fault, request, operation)
        if fault is Fault.CUT_LATE:
            raise _CutOff
        writer.write(_head(connection, answer, request.method))
        if fault is Fault.TORN and answer.body:
            writer.write(answer.body[: len(answer.body) // 2])
            await writer.drain()
            raise _CutOff
        if request.method != "HEAD":
            writer.write(connection.send(h11.Data(answer.body)) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()

    async def _answer_with(
        self, fault: Fault | None, request: _Request, operation: Operation
    ) -> Answer:
        if fault is Fault.THROTTLED:
            return throttled(operation)
        if fault is Fault.FAILED:
            return failed(operation)
        if fault is Fault.HALVED:
            return await self._carry_out_half(request, operation)
        if fault is Fault.SLOW:
            await asyncio.sleep(self._chance.uniform(*_SLOW_SECONDS))
        answer = await self._carry_out(request)
        if fault is Fault.FAILED_LATE:
            return failed(operation)
        if fault is Fault.TOO_SLOW:
            await asyncio.sleep(_TOO_SLOW_SECONDS)
        if fault is Fault.TWICE:
            await self._carry_out(request)
        if fault is Fault.AGAIN:
            task = asyncio.create_task(self._carry_out_later(request))
            self._later.add(task)
            task.add_done_callback(self._later.discard)
        return answer

    async def _carry_out(self, request: _Request) -> Answer:
        answer = await self._client.request(
            request.method,
            httpx.URL(self._aws).copy_with(raw_path=request.target),
            headers=[one for one in request.headers if one[0] not in _NOT_FORWARDED],
            content=request.body,
        )
        headers = {name: answer.headers[name] for name in _RETURNED if name in answer.headers}
        return Answer(answer.status_code, answer.content, headers)

    async def _carry_out_later(self, request: _Request) -> None:
        await asyncio.sleep(self._chance.uniform(*_AGAIN_SECONDS))
        await self._carry_out(request)

    async def _carry_out_half(self, request: _Request, operation: Operation) -> Answer:
        halves = halved(operation, json.loads(request.body))
        if halves is None:
            return throttled(operation)
        answer = await self._carry_out(replace(request, body=json.dumps(halves.done).encode()))
        if not httpx.codes.is_success(answer.status):
            return answer
        whole = with_left(operation, json.loads(answer.body), halves.left)
        content_type = answer.headers.get("content-type", "application/x-amz-json-1.0")
        return Answer(answer.status, json.dumps(whole).encode(), {"content-type": content_type})


async def _read(
    connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> _Request | None:
    """Return the next request of a connection, or None when there is none any more."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        match connection.next_event():
            case h11.Request() as head:
                pass
            case h11.Data(data=data):
                body += data
            case h11.EndOfMessage():
                if head is None:
                    return None
                headers = tuple((bytes(name), bytes(value)) for name, value in head.headers)
                return _Request(head.method.decode(), head.target, headers, bytes(body))
            case h11.ConnectionClosed():
                return None
            case _:
                if connection.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    writer.write(connection.send(go_on) or b"")
                connection.receive_data(await reader.read(_PIECE))


def _head(connection: h11.Connection, answer: Answer, method: str) -> bytes:
    length = [] if method == "HEAD" else [("Content-Length", str(len(answer.body)))]
    head = h11.Response(status_code=answer.status, headers=[*answer.headers.items(), *length])
    return connection.send(head) or b""
