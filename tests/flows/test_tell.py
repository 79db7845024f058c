from __future__ import annotations

import html
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from detection.signal import Reason, Signal, Verdict
from flows.tell import announcements, escaped, rows, summary
from services.collecting import Collected
from services.delivery import Delivered
from services.settling import Evaluated
from services.ticking import TickReport
from tests.installations import NOON


def signal(verdict: Verdict = Verdict.FIRED, sentence: str = "40 people complained.") -> Signal:
    return Signal(
        brand="northwind",
        kind="negative_wave",
        verdict=verdict,
        reason=Reason.ABOVE_BASELINE,
        observed=40,
        expected=2.123456,
        threshold=8.0,
        window=timedelta(hours=1),
        at=NOON,
        since=NOON - timedelta(minutes=20),
        authors=38,
        loudest_share=0.05,
        sentence=sentence,
    )


def report(
    *evaluated: Evaluated, collected: tuple[Collected, ...] = (), delivered: Delivered | None = None
) -> TickReport:
    return TickReport(NOON, NOON, collected, evaluated, delivered or Delivered())


@given(st.text(max_size=300) | st.text(alphabet="ab [](){}*_`<>!&#|~\\:/.-+=\n1", max_size=60))
def test_markdown_shows_what_a_stranger_wrote_and_nothing_else(text: str) -> None:
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    assert MarkdownIt().renderInline(escaped(text)) == html.escape(words).replace("&#x27;", "'")


def test_a_link_of_a_stranger_is_no_link_and_a_table_is_no_table() -> None:
    assert escaped("https://x.example | [a](b)") == r"https\:\/\/x\.example \| \[a\]\(b\)"


def test_a_long_text_is_cut() -> None:
    assert escaped("a" * 2000) == "a" * 497 + "\\.\\.\\."


def test_each_source_and_each_signal_that_fired_has_a_row() -> None:
    collected = (
        Collected("forum", new=3, seen=9),
        Collected("shop", problem="it answered 500", remedy="Wait", warnings=("odd",)),
    )
    table = rows(report(Evaluated(signal()), Evaluated(signal(Verdict.GOES_ON)), collected=collected))
    assert table == [
        {"source": "forum", "new mentions": 3, "problem": "", "signal": ""},
        {"source": "shop", "new mentions": 0, "problem": "it answered 500 Wait odd", "signal": ""},
        {"source": "", "new mentions": "", "problem": "", "signal": "40 people complained\\."},
    ]


def test_an_incident_that_is_opened_is_announced_with_its_spike() -> None:
    spike, opened = announcements([Evaluated(signal(), 7, opened=True)])
    assert (spike.event, spike.resource) == ("groundswell.spike", "groundswell.brand.northwind")
    assert (opened.event, opened.resource) == ("groundswell.incident.opened", "groundswell.incident.7")
    assert opened.related == {"brand": "groundswell.brand.northwind"}
    assert opened.payload["sentence"] == "40 people complained."
    assert (opened.payload["observed"], opened.payload["expected"], opened.payload["incident"]) == (40, 2.12, 7)


def test_a_spike_of_an_open_incident_is_announced_as_a_spike_only() -> None:
    assert [told.event for told in announcements([Evaluated(signal(), 7)])] == ["groundswell.spike"]


def test_what_did_not_fire_is_not_announced() -> None:
    assert announcements([Evaluated(signal(Verdict.HELD)), Evaluated(signal(Verdict.GOES_ON))]) == ()


def test_the_summary_says_what_failed() -> None:
    collected = (Collected("forum", new=3), Collected("shop", problem="it answered 500"))
    told = summary(report(Evaluated(signal()), collected=collected, delivered=Delivered(1, 2)))
    assert told == "sources asked: 2, 1 failing; new mentions: 3; signals: 1; mails sent: 1, 2 not"
