"""The ways in which a service lets its readers down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus

from simulation.exchange import NOT_FOUND, Answer, as_html


class Fault(StrEnum):
    """What goes wrong with an answer."""

    NOT_FOUND = "not found"
    SERVER_ERROR = "server error"
    HTML_INSTEAD = "a web page instead"
    TRUNCATED = "cut in the middle"
    SLOW = "slow"
    RATE_LIMITED = "rate limited"
    CLOSED = "connection dropped"


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """A fault; seconds are those of waiting (slow) or of Retry-After (rate limited)."""

    fault: Fault
    seconds: float = 0


not_found = Misbehaviour(Fault.NOT_FOUND)
server_error = Misbehaviour(Fault.SERVER_ERROR)
html_instead = Misbehaviour(Fault.HTML_INSTEAD)
truncated = Misbehaviour(Fault.TRUNCATED)
closed = Misbehaviour(Fault.CLOSED)


def slow(seconds: float) -> Misbehaviour:
    """The right answer, late."""
    return Misbehaviour(Fault.SLOW, seconds)


def rate_limited(retry_after: int) -> Misbehaviour:
    """429 with Retry-After in whole seconds."""
    return Misbehaviour(Fault.RATE_LIMITED, retry_after)


_INSTEAD = {
    Fault.NOT_FOUND: NOT_FOUND,
    Fault.SERVER_ERROR: as_html(
        "<!doctype html><h1>We are sorry</h1><p>Something broke.", HTTPStatus.INTERNAL_SERVER_ERROR
    ),
    Fault.HTML_INSTEAD: as_html(
        "<!doctype html><title>Log in</title><p>Please log in &amp; try again.<form><input></form>"
    ),
    Fault.CLOSED: None,
}


def spoil(answer: Answer, misbehaviour: Misbehaviour) -> Answer | None:
    """The answer with the fault in it; None where the connection is to be dropped without one."""
    match misbehaviour.fault:
        case Fault.SLOW:
            return answer
        case Fault.TRUNCATED:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case Fault.RATE_LIMITED:
            wait = {"retry-after": str(round(misbehaviour.seconds))}
            return Answer(HTTPStatus.TOO_MANY_REQUESTS, b"Too many requests", {"content-type": "text/plain", **wait})
        case fault:
            return _INSTEAD[fault]
