"""The one polite HTTP client, on requests.

It asks once: whether and when to ask again is its caller's decision, for which a :class:`SourceError` says whether
that can help and how long the server wants to be left alone. An answer is bounded in size after decompression, in the
time of connecting, of each read and of everything together, and in the number of its redirects.

It takes nothing from the environment. Proxies of ``HTTP_PROXY`` are not used, because the address that is checked
would then be the proxy's and the proxy would resolve the names of strangers; a ``.netrc`` is not read, because a
redirect could ask for its passwords. Cookies are not kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.sessions import SessionRedirectMixin

from sources.contract import SourceError
from sources.network import failures
from sources.network.addresses import RULES, GuardedAdapter, PrivateAddressError, Rules
from sources.network.pacing import Pacing

_PERMANENT = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
_REDIRECTS = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, with a status from 200 to 299 or 304.

    Attributes:
        url: where the answer came from in the end, after redirects.
        headers: names in any case.
        body: decompressed; empty where unchanged.
        unchanged: the server answered 304: nothing new since the ETag or time that was sent.
        permanent_url: where permanent redirects (301, 308) led before any temporary one, None where there were none.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    unchanged: bool = False
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    connect_timeout: float
    read_timeout: float
    total_timeout: float
    max_bytes: int
    allow_private: bool
    max_redirects: int


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Client:
    """Asks servers politely; one serves many threads at once. Close it, or use it in a ``with`` statement.

    Attributes:
        requests: how many were made, redirects included.
    """

    def __init__(  # noqa: PLR0913  each is a limit a caller may want to set by name
        self,
        *,
        user_agent: str,
        connect_timeout: float = 5.0,
        read_timeout: float = 15.0,
        total_timeout: float = 30.0,
        max_bytes: int = 5_000_000,
        allow_private: bool = False,
        max_redirects: int = 5,
        clock: Callable[[], datetime] = _utc_now,
        pacing: Pacing | None = None,
        spacing: float = 0.0,
        lifetime: float = float("inf"),
    ) -> None:
        """Times are in seconds; ``clock`` serves to read dates in Retry-After, ``pacing`` may be shared with others.

        ``spacing`` is kept between two requests to one host, however many clients share the pacing. All requests
        together end within ``lifetime``, for callers whom somebody waits for.
        """
        self.requests = 0
        self._pacing = pacing or Pacing(clock)
        self._spacing = spacing
        self._limits = _Limits(connect_timeout, read_timeout, total_timeout, max_bytes, allow_private, max_redirects)
        self._headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        self._clock = clock
        self._ends = time.monotonic() + lifetime
        # The adapter alone, without a session around it: no cookies, no environment, no redirect followed unseen
        # (a session also reads the whole body of a redirect, past any cap), and it is safe to share between threads.
        self._adapter = GuardedAdapter(pool_connections=32, pool_maxsize=32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        spacing: float = 0.0,
    ) -> Answer:
        """Ask for an address, following redirects.

        Args:
            url: http or https.
            params: added to the query.
            headers: added to the client's own; not sent on to another host that a redirect leads to.
            etag: sent as If-None-Match, byte for byte as the server gave it.
            last_modified: sent as If-Modified-Since, likewise.
            spacing: seconds to keep from the last request to this host, where its service asks for so many.

        Raises:
            SourceError: no usable answer; its subject is the address without credentials and query.
            HostBusyError: the host wants to be left alone; nothing was asked.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditional = {name: value for name, value in conditions.items() if value}
        with self._rules(), _explained(url):
            first = self._prepared(url, {**conditional, **(headers or {})}, params)
            return self._follow(first, headers or {}, conditional, spacing)

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        spacing: float = 0.0,
    ) -> Answer:
        """Send something to an address, for services that hand out tokens; redirects are not followed.

        Args:
            json, data: the body, as JSON or as a form.
            auth: user name and password (RFC 7617).

        Raises:
            SourceError, HostBusyError: as :meth:`get`.
        """
        with self._rules(), _explained(url):
            _refuse_other_schemes(url)
            sent = {**self._headers, **(headers or {})}
            request = requests.Request("POST", url, headers=sent, params=params, json=json, data=data, auth=auth)
            with self._sent(request.prepare(), spacing) as response:
                return self._answer(response, conditional=False, moved=None)

    def leave_alone(self, url: str, seconds: float, reason: str) -> None:
        """Ask nothing of the host of an address for a while, because it said so elsewhere than in its headers."""
        self._pacing.leave_alone(_host(url), min(seconds, failures.LONGEST_WAIT), reason)

    @contextmanager
    def _rules(self) -> Iterator[None]:
        deadline = min(time.monotonic() + self._limits.total_timeout, self._ends)
        token = RULES.set(Rules(deadline, self._limits.allow_private))
        try:
            yield
        finally:
            RULES.reset(token)

    def _prepared(
        self, url: str, headers: Mapping[str, str], params: Mapping[str, str] | None = None
    ) -> requests.PreparedRequest:
        _refuse_other_schemes(url)
        return requests.Request("GET", url, headers={**self._headers, **headers}, params=params).prepare()

    def _follow(
        self,
        request: requests.PreparedRequest,
        headers: Mapping[str, str],
        conditional: Mapping[str, str],
        spacing: float,
    ) -> Answer:
        moved: str | None = None
        only_permanent = True
        for _ in range(self._limits.max_redirects + 1):
            with self._sent(request, spacing) as response:
                target = _target(response)
                if target is None:
                    return self._answer(response, conditional=bool(conditional), moved=moved)
            only_permanent = only_permanent and response.status_code in _PERMANENT
            moved = target if only_permanent else moved
            if SessionRedirectMixin().should_strip_auth(response.url, target):  # type: ignore[no-untyped-call]
                headers = {}
            request = self._prepared(target, {**conditional, **headers})
        raise SourceError(
            failures.name_of(response.url),
            f"it redirected more than {self._limits.max_redirects} times.",
            "Open the address in a browser and use the one it ends at.",
            permanent=True,
        )

    @contextmanager
    def _sent(self, request: requests.PreparedRequest, spacing: float) -> Iterator[requests.Response]:
        limits, host = self._limits, _host(request.url or "")
        self._pacing.turn(host, max(spacing, self._spacing))
        self.requests += 1
        timeout = (limits.connect_timeout, min(limits.read_timeout, limits.total_timeout))
        response = self._adapter.send(request, stream=True, timeout=timeout, verify=True)
        try:
            wait = failures.wait_before_next(response.status_code, response.headers, self._clock())
            if wait:
                self._pacing.leave_alone(host, wait, "it asked for that")
            yield response
        finally:
            response.close()

    def _answer(self, response: requests.Response, *, conditional: bool, moved: str | None) -> Answer:
        status, headers = response.status_code, response.headers
        unchanged = conditional and status == HTTPStatus.NOT_MODIFIED
        if not unchanged and status not in range(200, 300):
            refusal = failures.of_status(response.url, status, headers, self._clock())
            refusal.said = _beginning(response)
            raise refusal
        body = b"" if unchanged else self._body(response)
        return Answer(status, response.url, headers, body, unchanged=unchanged, permanent_url=moved)

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self._limits.max_bytes:
                raise SourceError(
                    failures.name_of(response.url),
                    f"its answer is larger than {self._limits.max_bytes / 1e6:g} MB; nothing of it was kept.",
                    "Give an address that answers with less.",
                    permanent=True,
                )
        return bytes(body)


def _beginning(response: requests.Response) -> bytes:
    try:
        return bytes(next(response.iter_content(_CHUNK), b""))
    except requests.RequestException:  # it refused all the same
        return b""


def _host(url: str) -> str:
    """Name and port, without user and password."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _refuse_other_schemes(url: str) -> None:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SourceError(
            failures.name_of(url), "only http and https can be read.", "Check the address.", permanent=True
        )


def _target(response: requests.Response) -> str | None:
    """Where a redirect leads, None for an answer that is none."""
    location = response.headers.get("location")
    if response.status_code not in _REDIRECTS or not location:
        return None
    # Header bytes arrive read as latin-1; addresses that are not ASCII are UTF-8 (RFC 3986, 2.5).
    return urljoin(response.url, location.encode("latin-1").decode("utf-8"))


@contextmanager
def _explained(url: str) -> Iterator[None]:
    try:
        yield
    except PrivateAddressError:
        raise SourceError(
            failures.name_of(url),
            "it leads to a private address, which strangers could use to look into your network.",
            "If this source is inside your own network, set internal: true on it.",
            permanent=True,
        ) from None
    except requests.RequestException as error:
        # "from None": the texts of these exceptions hold the whole address, with any key in it.
        raise failures.of_exception(url, error) from None
    except ValueError:
        raise SourceError(
            failures.name_of(url),
            "it is, or redirects to, an address that cannot be read.",
            "Open the address in a browser and use the one it ends at.",
            permanent=True,
        ) from None
