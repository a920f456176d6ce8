"""The shared entry point: who is let in, and what each kind of exception is answered with."""

import json
from http import HTTPStatus

import pytest

from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError
from footfall.domain.stores import Scope
from footfall.errors import ConflictError, PermanentError, TransientError
from footfall.http.customerio_routes import CALL_TRACK
from footfall.http.entry_point import http_entry_point
from footfall.http.requests import ProxyEvent, Request
from footfall.http.responses import ProxyResponse, Response, json_response
from footfall.http.route import Route
from footfall.http.routes import CREATE_EVENT, GET_EVENT_STATUS, LIST_EVENT_NAMES, ROUTES
from footfall.observability import function_logger
from tests.proxy_events import STORE, faults_of, headers_of, json_of, proxy_event

SECRET = "jane@example.com"  # noqa: S105  # what must not be logged


def answer_to(
    event: ProxyEvent, error: Exception | None = None, function: str = "any"
) -> ProxyResponse:
    @http_entry_point(function_logger(function))
    def handler(_route: Route, store_id: str, request: Request) -> Response:
        if error is not None:
            raise error
        return json_response(
            HTTPStatus.OK, {"store": store_id, "path": dict(request.path_parameters)}
        )

    return handler(event, None)


def test_the_right_store_with_the_right_scope_is_let_in() -> None:
    response = answer_to(proxy_event(CREATE_EVENT, scopes=Scope.CUSTOMER_EVENTS_WRITE))
    assert (response["statusCode"], json_of(response)["store"]) == (200, STORE)


def test_path_parameters_are_decoded() -> None:
    response = answer_to(proxy_event(GET_EVENT_STATUS, uniqueId="order%2F1%20%C3%BC+"))
    assert json_of(response)["path"]["uniqueId"] == "order/1 ü+"


def test_another_store_is_403() -> None:
    response = answer_to(proxy_event(CREATE_EVENT, store_id="another"))
    assert response["statusCode"] == 403
    assert headers_of(response)["Content-Type"] == "application/problem+json"
    assert "another store" in json_of(response)["detail"]


def test_a_missing_scope_is_403_and_named() -> None:
    scopes = f"{Scope.CUSTOMERS_WRITE} {Scope.CUSTOMER_EVENTS_WRITE}"
    response = answer_to(proxy_event(LIST_EVENT_NAMES, scopes=scopes))
    assert response["statusCode"] == 403
    assert Scope.CUSTOMERS_READ in json_of(response)["detail"]


def test_a_request_without_an_authorizer_is_403() -> None:
    event = proxy_event(CREATE_EVENT)
    event["requestContext"] = {}
    assert answer_to(event)["statusCode"] == 403


def test_an_unknown_route_is_404() -> None:
    event = proxy_event(CREATE_EVENT)
    event["httpMethod"] = "DELETE"
    assert answer_to(event)["statusCode"] == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PermanentError("a key component is empty"), 400),
        (TransientError("sqs.SendMessage: ServiceUnavailable"), 503),
        (ConflictError("dynamodb.PutItem: ConditionalCheckFailedException"), 503),
        (ZeroDivisionError(SECRET), 500),
    ],
)
def test_every_exception_is_a_problem(error: Exception, status: int) -> None:
    response = answer_to(proxy_event(CREATE_EVENT), error)
    problem = json_of(response)
    assert response["statusCode"] == problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["instance"] == f"/stores/{STORE}/events"
    assert SECRET not in str(response)


@pytest.mark.parametrize("error", [None, PermanentError("bad"), ZeroDivisionError(SECRET)])
def test_a_page_may_read_every_answer_of_a_route_that_is_for_pages(error: Exception | None) -> None:
    for route in ROUTES:
        event = proxy_event(CREATE_EVENT, scopes=route.scope)
        event["httpMethod"], event["resource"] = route.method, route.path
        headers = headers_of(answer_to(event, error))
        assert ("Access-Control-Allow-Origin" in headers) is route.is_for_browsers
        assert headers.get("Access-Control-Allow-Origin", "*") == "*"


def test_a_page_may_read_that_it_is_not_let_in() -> None:
    response = answer_to(proxy_event(CALL_TRACK, scopes=""))
    assert response["statusCode"] == 403
    assert headers_of(response)["Access-Control-Allow-Origin"] == "*"


def test_no_page_may_read_that_it_should_send_again() -> None:
    response = answer_to(proxy_event(CALL_TRACK), TransientError("throttled"))
    assert response["statusCode"] == 503
    assert "Access-Control-Allow-Origin" not in headers_of(response)


def test_retry_after_is_a_whole_number_of_seconds_and_sent_with_503_only() -> None:
    busy = headers_of(answer_to(proxy_event(CREATE_EVENT), TransientError("throttled")))
    refused = headers_of(answer_to(proxy_event(CREATE_EVENT), PermanentError("bad")))
    assert int(busy["Retry-After"]) > 0
    assert "Retry-After" not in refused


def test_faults_are_listed_in_full_and_an_answer_stays_an_answer() -> None:
    faults = [Fault(f"/data/{number}", "Must be a number.") for number in range(5_000)]
    few = answer_to(proxy_event(CREATE_EVENT), FaultyDocumentError(faults[:3]))
    many = answer_to(proxy_event(CREATE_EVENT), FaultyDocumentError(faults))
    assert faults_of(few) == {fault.pointer: fault.detail for fault in faults[:3]}
    assert len(faults_of(many)) == MAX_LISTED_FAULTS


def test_what_is_unexpected_is_logged_without_its_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer_to(proxy_event(CREATE_EVENT), ValueError(SECRET), function="logging")
    logged = capsys.readouterr().out
    assert json.loads(logged)["error_type"] == "ValueError"
    assert SECRET not in logged
