from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.contract import DeliveryError, Letter
from alerts.health_alert import DeafSource, HealthAlert, HeardSource
from alerts.health_mail import write_health_letter
from alerts.mime import to_message
from detection.source_state import SourceState

AT = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\r\nBcc: all@example.com\n\nHEARD AGAIN\nMallory"
FAILING = DeafSource(
    "forum", (), SourceState.FAILING, AT - 2 * HOUR, "It refused the connection.", "Check the address in a browser."
)
SILENT = DeafSource("social", ("Northwind Air",), SourceState.SILENT, AT - 20 * HOUR, "Nothing new in 20 h.", "")
AGAIN = HeardSource("news", AT - 3 * HOUR)


def alert(*deaf: DeafSource, heard: tuple[HeardSource, ...] = (), now: int | None = None, of: int = 12) -> HealthAlert:
    return HealthAlert(
        deaf=deaf,
        heard=heard,
        deaf_now=len(deaf) if now is None else now,
        sources=of,
        happened_at=AT,
        recipient_name="Dana Reyes",
        reason="the settings name you as the operator",
        link="https://groundswell.example/sources",
        time_zone=ZoneInfo("Europe/Berlin"),
    )


def written(what: HealthAlert) -> Letter:
    about: dict[str, Any] = {"sender": "Groundswell <a@example.com>", "recipient": "dana@example.com"}
    return write_health_letter(what, message_id="<1@x>", thread_id="<1@x>", written_at=AT, **about)


class Page(HTMLParser):
    """What a mail program makes of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize(
    ("what", "subject"),
    [
        (alert(FAILING), "Groundswell: forum cannot be read"),
        (alert(SILENT, SILENT), "Groundswell: 2 sources have gone quiet"),
        (alert(FAILING, SILENT, heard=(AGAIN,)), "Groundswell: 2 sources are not heard, 1 heard again"),
        (alert(heard=(AGAIN,)), "Groundswell: news is heard again"),
        (alert(heard=(AGAIN, AGAIN)), "Groundswell: 2 sources are heard again"),
    ],
)
def test_the_subject_says_which_or_how_many_and_what_became_of_them(what: HealthAlert, subject: str) -> None:
    assert written(what).subject == subject


@pytest.mark.parametrize(
    ("what", "meaning"),
    [
        (alert(FAILING), "As long as this lasts we would not notice a crisis there. Of 12 sources, 11 are heard."),
        (alert(FAILING, of=1), "It is the only source, so nobody is listening anywhere."),
        (alert(FAILING, FAILING, of=2), "The most likely cause is the network of the machine"),
        (alert(heard=(AGAIN,)), "A crisis there would be noticed again. All 12 sources are heard."),
        (alert(heard=(AGAIN,), now=11), "Of 12 sources, 1 is heard."),
    ],
)
def test_it_says_what_that_means_and_how_much_is_still_heard(what: HealthAlert, meaning: str) -> None:
    letter = written(what)
    assert meaning in " ".join(letter.text.split())
    assert meaning in Page(letter.html).text


def test_both_forms_carry_everything() -> None:
    letter = written(alert(FAILING, SILENT, heard=(AGAIN,)))
    for said in (Page(letter.html).text, " ".join(letter.text.split())):
        for needed in (
            "failing since 12:05 CEST",
            "It refused the connection.",
            "What to do: Check the address in a browser.",
            "Listens for every brand",
            "silent since Mon 11 May, 18:05 CEST",
            "Listens for Northwind Air",
            "you were told at 11:05 CEST that it was not",
            "Dana Reyes, you get this because the settings name you as the operator.",
            "one such letter an hour at most",
        ):
            assert needed in said, needed
    assert Page(letter.html).links == ["https://groundswell.example/sources"]
    assert "https://groundswell.example/sources" in letter.text


def test_what_a_server_said_stays_words() -> None:
    letter = written(alert(DeafSource("forum", (), SourceState.FAILING, None, HOSTILE, HOSTILE)))
    page = Page(letter.html)
    assert "script" not in page.tags
    assert "<script>alert(1)</script>{{ 7*7 }}" in page.text
    assert "HEARD AGAIN" not in letter.text.splitlines()
    assert to_message(letter)["Bcc"] is None


def test_of_a_great_many_the_first_are_named_and_the_rest_counted() -> None:
    letter = written(alert(*[FAILING] * 500, heard=(AGAIN,) * 25, of=525))
    assert letter.text.count("It refused the connection.") == 20
    assert "And 480 more, on the sources page." in letter.text
    assert "And 5 more." in letter.text
    assert len(letter.html.encode()) < 102_000


def test_it_survives_the_outbox_and_one_that_cannot_be_read_is_a_permanent_failure() -> None:
    what = alert(FAILING, heard=(AGAIN,))
    assert HealthAlert.from_json(what.to_json()) == what
    with pytest.raises(DeliveryError, match="cannot be read") as caught:
        HealthAlert.from_json(what.to_json().replace('"health"', '"incident"'))
    assert caught.value.permanent
