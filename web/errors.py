"""Which HTTP answer each of the domain's problems becomes. The problems are `fedcoop.errors`.

Every error of the API is `{"error": "a sentence"}`, as in Mastodon; what went wrong inside is told to the log
alone, under an id that the answer carries."""

import logging
import secrets
from typing import Any

import msgspec
from aiohttp import web

from fedcoop.errors import (
    VALIDATION,
    Conflict,
    Gone,
    Invalid,
    InvalidFields,
    NotAllowed,
    NotFound,
    Problem,
    TooMany,
    Unauthorized,
    Unavailable,
)

log = logging.getLogger("fedcoop.web")

STATUS: dict[type[Problem], int] = {
    Invalid: 422,
    Unauthorized: 401,
    NotAllowed: 403,
    NotFound: 404,
    Gone: 410,
    Conflict: 422,
    TooMany: 429,
}
WORDS = {
    400: "The request could not be understood",
    404: "Record not found",
    405: "Record not found",
    408: "The request took too long to arrive",
    413: "The request is too large",
    415: "This type of content is not understood here",
}
OUR_FAULT = "We're sorry, but something went wrong on our end. Please mention request {} if you ask about it."


class Malformed(Problem):
    """What was sent cannot even be read: broken JSON, a broken form."""


class NoMember(Problem):
    """The application asks in its own name for what only a member has."""

    def __init__(self) -> None:
        super().__init__("This method requires an authenticated user")


class Answer(msgspec.Struct, frozen=True):
    """What to say about a problem."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = {}


def answer_to(problem: Exception) -> Answer:
    """Status, body and headers for anything a handler raised. Whatever is not a `Problem` or an HTTP
    exception is our own mistake: it is logged with its traceback, and the visitor learns only its id."""
    if isinstance(problem, Malformed):
        return Answer(400, {"error": problem.message})
    if isinstance(problem, NoMember):
        return Answer(422, {"error": problem.message})
    if isinstance(problem, Problem):
        return _said(problem)
    if isinstance(problem, Unavailable):
        log.error("refused for now: %s", problem.__cause__ or problem.message)
        return Answer(503, {"error": problem.message}, {"Retry-After": "10"})
    if isinstance(problem, web.HTTPException) and problem.status < 500:
        words = WORDS.get(problem.status) or problem.reason
        return Answer(404 if problem.status == 405 else problem.status, {"error": words})
    request_id = secrets.token_hex(8)
    log.error("request %s failed", request_id, exc_info=problem)
    return Answer(500, {"error": OUR_FAULT.format(request_id)}, {"X-Request-Id": request_id})


def _said(problem: Problem) -> Answer:
    status = next((STATUS[kind] for kind in type(problem).__mro__ if kind in STATUS), 422)
    match problem:
        case Invalid():
            words = problem.message
            if not words.startswith("Validation failed"):
                words = VALIDATION + words
            body: dict[str, Any] = {"error": words}
            for fault in problem.faults if isinstance(problem, InvalidFields) else [problem]:
                if fault.field:
                    description = fault.message.removeprefix(VALIDATION)
                    named = body.setdefault("details", {}).setdefault(fault.field, [])
                    named.append({"error": fault.code, "description": description})
            return Answer(status, body)
        case Unauthorized():
            return Answer(
                status,
                {"error": problem.message},
                {"WWW-Authenticate": 'Bearer realm="fedcoop", error="invalid_token"'},
            )
        case TooMany():
            return Answer(status, {"error": problem.message}, {"Retry-After": str(problem.retry_after)})
    return Answer(status, {"error": problem.message})
