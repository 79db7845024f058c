"""Hosts are asked at a distance, and left alone when they ask for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sources.contract import HostBusyError, SourceError
from sources.network.fetching import Client
from sources.network.pacing import Pacing, Wait
from tests.sources.conftest import NOW, Site

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply


@dataclass
class Time:
    """Time that passes only while somebody sleeps or when it is moved."""

    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return 1_000 + self.passed

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds

    def pacing(self) -> Pacing:
        return Pacing(self.clock, monotonic=self.monotonic, sleep=self.sleep)


def test_requests_to_one_host_keep_their_distance_and_those_to_others_do_not_wait() -> None:
    time = Time()
    pacing = time.pacing()
    pacing.turn("a.example", 2)
    pacing.turn("b.example", 2)
    assert time.slept == []
    pacing.turn("a.example", 2)
    assert time.slept == [2]
    time.passed += 5
    pacing.turn("a.example", 2)
    assert time.slept == [2]


def test_a_turn_that_comes_after_the_end_of_the_round_is_refused_with_its_time_and_not_taken() -> None:
    time = Time()
    pacing = time.pacing()
    pacing.start_round(5)
    for _ in range(2):
        pacing.turn("a.example", 3)
    with pytest.raises(HostBusyError) as refused:
        pacing.turn("a.example", 3)
    assert refused.value.retry_after == 3
    pacing.turn("b.example", 3)
    pacing.start_round(5)
    pacing.turn("a.example", 3)
    assert time.passed == 6


def test_a_host_that_asked_for_silence_is_left_alone_that_long_and_no_longer() -> None:
    time = Time()
    pacing = time.pacing()
    pacing.leave_alone("a.example", 60, "it asked for that")
    pacing.leave_alone("a.example", 10, "a shorter wait changes nothing")
    time.passed += 59
    with pytest.raises(HostBusyError, match="it asked for that"):
        pacing.turn("a.example", 1)
    pacing.turn("a.example.org", 1)
    time.passed += 1
    pacing.turn("a.example", 1)
    assert pacing.waits() == ()


def test_a_wait_set_by_a_clock_that_was_ahead_holds_nobody_up() -> None:
    time = Time()
    pacing = time.pacing()
    time.passed = 9 * 86_400
    pacing.leave_alone("a.example", 60, "it asked for that")
    time.passed = 0
    pacing.turn("a.example", 1)
    pacing.leave_alone("a.example", 60, "it asked again")
    with pytest.raises(HostBusyError, match="it asked again"):
        pacing.turn("a.example", 1)


def test_what_was_learned_is_not_handed_out_again_since_somebody_may_have_it_forgotten_meanwhile() -> None:
    time = Time()
    pacing = time.pacing()
    pacing.learn([Wait("a.example", NOW + timedelta(hours=1), "it asked for that")])
    assert pacing.waits() == ()
    with pytest.raises(HostBusyError):
        pacing.turn("a.example", 1)
    pacing.leave_alone("a.example", 7_200, "it asked again")
    assert [wait.reason for wait in pacing.waits()] == ["it asked again"]


def test_long_distances_are_remembered_beyond_the_process() -> None:
    time = Time()
    pacing = time.pacing()
    pacing.turn("a.example", 60)
    pacing.turn("b.example", 5)
    (wait,) = pacing.waits()
    assert (wait.host, wait.until) == ("a.example", NOW + timedelta(seconds=60))
    reborn = time.pacing()
    reborn.learn([wait])
    with pytest.raises(HostBusyError):
        reborn.turn("a.example", 60)


class AnyOrder(RuleBasedStateMachine):
    """However requests, waits and rounds follow each other, no host is asked too early."""

    hosts = st.sampled_from(["a", "b"])

    def __init__(self) -> None:
        super().__init__()
        self.time = Time()
        self.pacing = self.time.pacing()
        self.asked: dict[str, list[float]] = {"a": [], "b": []}
        self.silent_until = {"a": 0.0, "b": 0.0}

    @rule(host=hosts)
    def ask(self, host: str) -> None:
        try:
            self.pacing.turn(host, 2)
        except HostBusyError:
            return
        assert self.time.passed >= self.silent_until[host]
        self.asked[host].append(self.time.passed)

    @rule(host=hosts, seconds=st.integers(1, 20))
    def refuse(self, host: str, seconds: int) -> None:
        self.pacing.leave_alone(host, seconds, "it asked for that")
        self.silent_until[host] = max(self.silent_until[host], self.time.passed + seconds)

    @rule(seconds=st.integers(0, 10))
    def pass_time(self, seconds: int) -> None:
        self.time.passed += seconds

    @rule(seconds=st.integers(0, 10))
    def begin(self, seconds: int) -> None:
        self.pacing.start_round(seconds)

    @rule()
    def restart(self) -> None:
        waits = self.pacing.waits()
        assert all(isinstance(wait, Wait) for wait in waits)
        self.pacing.learn(waits)

    @invariant()
    def keeps_distance(self) -> None:
        for times in self.asked.values():
            assert all(later - earlier >= 2 for earlier, later in pairwise(times))


TestAnyOrder = AnyOrder.TestCase


def test_fifty_feeds_on_one_host_are_spaced_however_many_ask_at_once(site: Site) -> None:
    arrived: list[float] = []
    spacing = 0.03

    def answer(_: Asked) -> Reply:
        arrived.append(perf_counter())
        return site.reply(b"ok")

    site.answer("*", answer)
    pacing = Pacing(lambda: NOW)

    def ask(number: int) -> None:
        with Client(user_agent="test", allow_private=True, pacing=pacing, spacing=spacing) as client:
            client.get(f"{site.url}/{number}")

    started = perf_counter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(50)))
    assert len(arrived) == 50
    # A request may arrive later than its turn, never earlier.
    assert all(at - started >= n * spacing for n, at in enumerate(sorted(arrived)))


REFUSALS = [
    (429, {"Retry-After": "120"}),
    (503, {"Retry-After": "120"}),
    (429, {"Retry-After": "Tue, 10 Mar 2026 12:02:00 GMT", "Date": "Tue, 10 Mar 2026 12:00:00 GMT"}),
    (503, {"Retry-After": "Tue, 10 Mar 2026 12:02:00 GMT", "Date": "Tue, 10 Mar 2026 12:00:00 GMT"}),
    (429, {"X-RateLimit-Reset": "2026-03-10T12:02:00.000Z"}),
    (429, {"RateLimit-Reset": str(int(NOW.timestamp()) + 120)}),
    (429, {"x-rate-limit-reset": str(int(NOW.timestamp()) + 120)}),
    (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 120)}),
    (200, {"X-RateLimit-Remaining": "0.0", "X-RateLimit-Reset": "120"}),
]


@pytest.mark.parametrize(("status", "headers"), REFUSALS)
def test_after_a_refusal_in_any_encoding_no_client_asks_the_host_before_its_time(
    status: int, headers: dict[str, str], site: Site
) -> None:
    time = Time()
    pacing = time.pacing()

    def client() -> Client:
        return Client(user_agent="test", allow_private=True, clock=time.clock, pacing=pacing)

    site.serve("*", b"{}", status=status, headers=headers)
    with client() as first, nullcontext() if status == 200 else pytest.raises(SourceError):
        first.get(f"{site.url}/one")
    assert len(site.asked) == 1
    for passed in (0, 60, 119):
        time.passed = passed
        with client() as other, pytest.raises(HostBusyError) as busy:
            other.get(f"{site.url}/two")
        assert busy.value.retry_after == 120 - passed
    assert len(site.asked) == 1
    time.passed = 120
    site.serve("*", b"{}")
    with client() as other:
        other.get(f"{site.url}/two")
    assert len(site.asked) == 2


def test_a_refusal_of_one_port_does_not_silence_its_neighbour(site: Site) -> None:
    other = Site()
    try:
        site.serve("*", status=429, headers={"Retry-After": "60"})
        other.serve("*", b"ok")
        pacing = Pacing(lambda: NOW)
        with Client(user_agent="test", allow_private=True, pacing=pacing, clock=lambda: NOW) as client:
            with pytest.raises(SourceError) as refused:
                client.get(site.url)
            assert refused.value.retry_after == 60
            assert client.get(other.url).body == b"ok"
            assert client.requests == 2
    finally:
        other.close()


def test_a_form_is_posted_and_a_redirect_of_it_is_not_followed(site: Site, http: Client) -> None:
    site.serve("/token", b'{"t": 1}')
    answer = http.post(f"{site.url}/token", data={"a": "b c"}, auth=("me", "secret"))
    assert answer.body == b'{"t": 1}'
    (asked,) = site.asked
    assert (asked.method, asked.body) == ("POST", b"a=b+c")
    assert asked.headers["authorization"].startswith("Basic ")
    site.serve("/moved", status=302, headers={"Location": f"{site.url}/token"})
    with pytest.raises(SourceError):
        http.post(f"{site.url}/moved", json={"a": 1})
    assert len(site.asked) == 2
