"""Keeps an answer without content from having any.

MiniStack sends the body of a mock integration with a 204, too. A client takes what follows the
headers of a 204 for the next answer, or the connection for broken: a server must not send it
(RFC 9110, section 15.3.5), and uvicorn leaves that to the application.
"""

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LENGTH = b"content-length"


def without_content(app: ASGIApp) -> ASGIApp:
    """Return the application, with nothing behind the headers of its answers of status 204."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        has_content = True

        async def send_what_may_be(message: Message) -> None:
            nonlocal has_content
            if message["type"] == "http.response.start":
                has_content = message["status"] != HTTPStatus.NO_CONTENT
                if not has_content:
                    headers = [pair for pair in message["headers"] if pair[0].lower() != _LENGTH]
                    message = {**message, "headers": headers}
            elif not has_content:
                message = {**message, "body": b""}
            await send(message)

        await app(scope, receive, send_what_may_be)

    return answer
