"""The polite HTTP client, against real local servers."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.contract import SourceError
from sources.network.fetching import Client

if TYPE_CHECKING:
    from tests.sources.conftest import Site


@contextmanager
def wire(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that does what ``talk`` does with each connection, HTTP or not."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, suppress(OSError):
                        connection.recv(65_536)
                        talk(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/feed"
        listener.shutdown(socket.SHUT_RDWR)


def failure(http: Client, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        http.get(url)
    return caught.value


def test_a_get_brings_status_body_headers_and_says_who_asks(site: Site, http: Client) -> None:
    url = site.serve("/feed", "hello", headers={"ETag": '"v1"'})
    answer = http.get(url, params={"q": "a b"}, headers={"Accept": "text/plain"})
    assert (answer.status, answer.body, answer.headers["etag"], answer.url) == (200, b"hello", '"v1"', url + "?q=a+b")
    assert (answer.unchanged, answer.permanent_url) == (False, None)
    (asked,) = site.asked
    assert asked.query == {"q": "a b"}
    assert (asked.headers["user-agent"], asked.headers["accept"]) == ("Groundswell tests", "text/plain")


def test_what_the_server_gave_as_validators_is_sent_back_and_304_is_unchanged(site: Site, http: Client) -> None:
    url = site.serve("/feed", status=304)
    answer = http.get(url, etag='W/"v1"', last_modified="yesterday")
    assert (answer.unchanged, answer.body) == (True, b"")
    assert site.asked[0].headers["if-none-match"] == 'W/"v1"'
    assert site.asked[0].headers["if-modified-since"] == "yesterday"


def test_a_304_that_nobody_asked_for_is_an_error(site: Site, http: Client) -> None:
    assert "304" in failure(http, site.serve("/feed", status=304)).problem


def test_permanent_redirects_are_reported_up_to_the_first_temporary_one(site: Site, http: Client) -> None:
    site.serve("/a", status=301, headers={"Location": "/b"})
    site.serve("/b", status=308, headers={"Location": f"{site.url}/c"})
    site.serve("/c", status=302, headers={"Location": "d"})
    site.serve("/d", "here")
    assert http.get(f"{site.url}/a").permanent_url == f"{site.url}/c"
    assert http.get(f"{site.url}/a").url == f"{site.url}/d"
    assert http.get(f"{site.url}/c").permanent_url is None


def test_a_redirect_keeps_the_token_on_its_host_and_loses_it_elsewhere(site: Site, http: Client) -> None:
    other = site.url.replace("127.0.0.1", "localhost")
    site.serve("/a", status=302, headers={"Location": "/b"})
    site.serve("/b", status=302, headers={"Location": f"{other}/c"})
    site.serve("/c", "here")
    http.get(f"{site.url}/a", headers={"Authorization": "Bearer secret"})
    assert [asked.headers.get("authorization") for asked in site.asked] == ["Bearer secret", "Bearer secret", None]


def test_redirects_without_end_or_to_nowhere_readable_are_errors(site: Site, http: Client) -> None:
    assert "more than 5 times" in failure(http, site.serve("/loop", status=301, headers={"Location": "/loop"})).problem
    assert len(site.asked) == 6
    for target in ("file:///etc/passwd", "gopher://127.0.0.1/", "http://[broken", "http://caf\xe9\xff.example:99999/"):
        assert failure(http, site.serve("/out", status=302, headers={"Location": target})).permanent


def test_a_redirect_to_a_private_address_is_refused_when_dialling(site: Site) -> None:
    site.serve("/out", status=302, headers={"Location": "http://169.254.169.254/latest"})
    with Client(user_agent="test") as http:
        assert "private address" in failure(http, f"{site.url}/out").problem
    assert site.asked == []


def test_a_body_is_decompressed_and_capped_after_that(site: Site) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    small = site.serve("/small", gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    large = site.serve("/large", bomb, headers={"Content-Encoding": "gzip"})
    double = site.serve("/double", gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"})
    with Client(user_agent="test", allow_private=True, max_bytes=1_000_000) as http:
        assert http.get(small).body == b"hello"
        for url in (large, double):
            error = failure(http, url)
            assert "larger than 1 MB" in error.problem
            assert error.permanent


def test_the_body_of_a_redirect_is_not_read(site: Site) -> None:
    site.serve("/a", zlib.compress(bytes(50_000_000)), 302, {"Location": "/b", "Content-Encoding": "deflate"})
    site.serve("/b", "here")
    with Client(user_agent="test", allow_private=True, max_bytes=10) as http:
        assert http.get(f"{site.url}/a").body == b"here"


def test_a_damaged_compressed_body_is_an_error(site: Site, http: Client) -> None:
    url = site.serve("/feed", b"not gzip", headers={"Content-Encoding": "gzip"})
    assert "cannot be unpacked" in failure(http, url).problem


def test_too_many_requests_and_overload_say_how_long_to_wait(site: Site, http: Client) -> None:
    for status in (429, 503):
        error = failure(http, site.serve("/feed", status=status, headers={"Retry-After": "90"}))
        assert (error.retry_after, error.permanent) == (90, False)


def test_errors_name_the_address_without_its_secrets(site: Site, http: Client) -> None:
    url = site.url.replace("//", "//me:secret@") + "/feed?key=secret"
    site.serve("/feed", status=500)
    error = failure(http, url)
    assert error.subject == f"{site.url}/feed"
    assert "secret" not in str(error)
    assert site.asked[0].headers["authorization"].startswith("Basic ")


def test_a_server_that_is_not_there_is_an_error_that_may_pass(http: Client) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    assert failure(http, f"http://127.0.0.1:{port}/").problem == "it refused the connection."
    assert failure(http, "http://nowhere.invalid/").problem == "its host name cannot be resolved."


def test_a_secure_address_that_is_not_secure_is_an_error(site: Site, http: Client) -> None:
    error = failure(http, site.url.replace("http:", "https:"))
    assert error.problem == "no secure connection could be made."


@pytest.mark.parametrize("url", ["ftp://acme.example/", "file:///etc/hosts", "acme.example", "http://", "http://[x/"])
def test_what_is_no_web_address_is_a_permanent_error(url: str, http: Client) -> None:
    assert failure(http, url).permanent


def test_a_token_that_would_break_out_of_its_header_is_refused(site: Site, http: Client) -> None:
    with pytest.raises(SourceError, match="token") as caught:
        http.get(site.serve("/"), headers={"Authorization": "Bearer x\r\nHost: evil"})
    assert caught.value.permanent
    assert site.asked == []


@pytest.mark.parametrize(("total", "lifetime"), [(0.3, 30.0), (30.0, 0.3)], ids=["one request", "all requests"])
@pytest.mark.parametrize(
    "begin", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
    ids=["status line", "headers", "body"],
)  # fmt: skip
def test_a_server_that_drips_is_left_when_the_time_is_over(begin: bytes, total: float, lifetime: float) -> None:
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(begin)
        for _ in range(200):
            if over.wait(0.02):
                return
            connection.sendall(b"x")

    with (
        wire(drip) as url,
        Client(user_agent="test", allow_private=True, total_timeout=total, lifetime=lifetime) as http,
    ):
        assert failure(http, url).problem == "it did not answer in time."
        over.set()


def test_once_the_time_for_all_requests_is_over_none_is_answered(site: Site) -> None:
    with Client(user_agent="test", allow_private=True, lifetime=0.0) as http:
        assert failure(http, site.serve("/")).problem == "it did not answer in time."


def test_a_server_that_says_nothing_is_left_at_the_read_timeout() -> None:
    over = threading.Event()

    def listen(_: socket.socket) -> None:
        over.wait(30)

    with wire(listen) as url, Client(user_agent="test", allow_private=True, read_timeout=0.1) as http:
        assert failure(http, url).problem == "it did not answer in time."
        over.set()


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.builds(
        lambda headers, body: b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(headers) + b"\r\n\r\n" + body,
        st.lists(
            st.sampled_from(
                [b"Content-Length: -1", b"Content-Length: x", b"Transfer-Encoding: chunked", b"Content-Encoding: gzip",
                 b"Content-Encoding: br", b"Location: //[", b"\x00: \xff", b": :", b"A" * 70_000]
            ),
            max_size=3,
        ),
        st.binary(max_size=50),
    )
)  # fmt: skip
def test_whatever_comes_over_the_wire_is_an_answer_or_a_source_error(sent: bytes) -> None:
    with wire(lambda connection: connection.sendall(sent)) as url, Client(user_agent="t", allow_private=True) as http:
        try:
            assert http.get(url).status in range(200, 300)
        except SourceError as error:
            assert error.problem  # noqa: PT017  either outcome is right; any other exception is the failure


def test_one_client_serves_many_threads_and_keeps_no_cookies(site: Site, http: Client) -> None:
    site.answer("*", lambda asked: site.reply(asked.path.encode(), headers={"Set-Cookie": "me=1; Path=/"}))
    paths = [f"/{number}" for number in range(60)]
    with ThreadPoolExecutor(8) as threads:
        bodies = list(threads.map(lambda path: http.get(site.url + path).body.decode(), paths))
    assert bodies == paths
    assert not any("cookie" in asked.headers for asked in site.asked)


def test_the_environment_is_not_trusted(site: Site, http: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert http.get(site.serve("/", "direct")).body == b"direct"
