"""What a failed request means for people: exceptions and status codes as SourceErrors.

No text of an exception of requests is passed on, since those repeat the whole address with any key in it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions as urllib3_errors

from sources.contract import SourceError

# No server may silence a source for longer than this.
LONGEST_WAIT = 86_400.0
# Numbers above this in a rate-limit header are seconds since 1970, below it seconds to wait.
_EPOCHS_FROM = 1_000_000_000
# Seconds to leave a host alone that refuses without saying for how long.
_UNNAMED = 60.0
# Spelled with and without hyphens, with and without a prefix: there is no standard yet.
_RESET = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
_REMAINING = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
_LATER = "It is asked again at the next visit; if this lasts, check the address in a browser."
_CHECK = "Check the address in groundswell.yaml, in a browser."

# The first line that fits the exception or any of its causes.
_EXPLAINED: tuple[tuple[tuple[type[BaseException], ...], str, str, bool], ...] = (
    (
        (urllib3_errors.NameResolutionError, socket.gaierror),
        "its host name cannot be resolved.",
        "Check the address for a typing error, and this machine's network and DNS.",
        False,
    ),
    (
        (requests.exceptions.SSLError, urllib3_errors.SSLError, ssl.SSLError),
        "no secure connection could be made.",
        "Check that the address should begin with https and that its certificate is valid.",
        False,
    ),
    ((ConnectionRefusedError,), "it refused the connection.", _LATER, False),
    # Before the timeouts, of which urllib3 makes it one.
    ((urllib3_errors.NewConnectionError,), "it cannot be reached.", _LATER, False),
    ((requests.Timeout, urllib3_errors.TimeoutError, TimeoutError), "it did not answer in time.", _LATER, False),
    (
        (requests.exceptions.ContentDecodingError, urllib3_errors.DecodeError),
        "it sent a compressed answer that cannot be unpacked.",
        _LATER,
        False,
    ),
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.MissingSchema,
            requests.exceptions.InvalidSchema,
            requests.exceptions.InvalidHeader,
            urllib3_errors.LocationParseError,
        ),
        "it is not an address that can be asked, or a token or header holds a character that may not be sent.",
        "Check the address and the token in groundswell.yaml.",
        True,
    ),
    ((requests.RequestException,), "it broke off the connection or its answer is not HTTP.", _LATER, False),
)


def name_of(url: str) -> str:
    """An address fit for messages: without user name, password, query and fragment, which may hold secrets."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address of this source"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def of_exception(url: str, error: requests.RequestException) -> SourceError:
    """Why a request got no answer."""
    causes = tuple(_causes(error))
    for types, problem, remedy, permanent in _EXPLAINED:
        if any(isinstance(cause, types) for cause in causes):
            return SourceError(name_of(url), problem, remedy, permanent=permanent)
    raise AssertionError("unreachable: the last line of the table takes every RequestException") from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def of_status(url: str, status: int, headers: Mapping[str, str], now: datetime) -> SourceError:
    """Why an answer with an error status is of no use, and how long to wait where it says so."""
    wait = wait_before_next(status, headers, now)
    if wait is not None and status == HTTPStatus.FORBIDDEN:  # GitHub refuses with 403 what others do with 429
        status = HTTPStatus.TOO_MANY_REQUESTS
    problem, remedy, permanent = _meaning(status)
    gone = status == HTTPStatus.GONE
    return SourceError(name_of(url), problem, remedy, permanent=permanent, retry_after=wait, gone=gone)


def _meaning(status: int) -> tuple[str, str, bool]:
    if status == HTTPStatus.NOT_FOUND:
        return "nothing is there (404).", _CHECK, True
    if status == HTTPStatus.GONE:
        return "it is gone for good (410).", "Remove this source from groundswell.yaml or give its new address.", True
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"it does not let us in ({status}).", "Check the token, or whether this may be read at all.", True
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "we asked too often (429).", "It is left alone for a while; ask it less often if this lasts.", False
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return f"it has a problem of its own ({status}).", _LATER, False
    return f"it answered with status {status}, which holds nothing to read.", _CHECK, True


def wait_before_next(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which the host of an answer is to be left alone, between 0 and a day; None where it need not be.

    A refusal (429, 503) counts with whatever time it names, a 429 without any for a minute. Any answer counts that
    says that nothing is left of what may be asked: so the refusal is never provoked.
    """
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        asked = wait_asked(headers, now)
        return _UNNAMED if asked is None and status == HTTPStatus.TOO_MANY_REQUESTS else asked
    if status == HTTPStatus.FORBIDDEN and "retry-after" in headers:
        return wait_asked(headers, now)
    return wait_asked(headers, now) if _is_spent(_first(headers, _REMAINING)) else None


def _is_spent(remaining: str | None) -> bool:
    try:
        return remaining is not None and float(remaining) < 1  # Reddit counts in fractions
    except ValueError:
        return False


def wait_asked(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a server asks to be left alone, between 0 and a day, None where it does not say.

    ``Retry-After`` comes as seconds or as a date (RFC 9110, 10.2.3). Where it is missing, the reset of a rate limit
    counts: an ISO time (Mastodon), seconds since 1970 (GitHub, Bluesky, X) or seconds left (Reddit). Dates are compared
    with the server's own ``Date`` where it gives one, so that a clock that is wrong on either side does no harm.
    """
    asked = _first(headers, ("retry-after", *_RESET))
    if asked is None:
        return None
    here = _moment(headers.get("date", "")) or now
    seconds = _seconds(asked, here)
    return None if seconds is None else max(0.0, min(seconds, LONGEST_WAIT))


def _first(headers: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((headers[name].strip() for name in names if name in headers), None)


def _seconds(asked: str, here: datetime) -> float | None:
    try:
        number = float(asked)
    except ValueError:
        until = _moment(asked)
        return None if until is None else (until - here).total_seconds()
    if number != number:  # noqa: PLR0124  the one test for "not a number", which float() reads too
        return None
    return number - here.timestamp() if number >= _EPOCHS_FROM else number


def _moment(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
        except (ValueError, OverflowError, IndexError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
