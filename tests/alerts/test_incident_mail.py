from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from alerts.contract import DeliveryError, Letter
from alerts.incident_alert import IncidentAlert, LetterKind, Post, WavePoint
from playbooks.playbook import Severity

AT = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)
MakeAlert = Callable[..., IncidentAlert]
Write = Callable[..., Letter]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}\"'&\r\nBcc: all@example.com\n\nOWNER\nMallory"


class Page(HTMLParser):
    """What a mail program makes of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def plain(letter: Letter) -> str:
    return " ".join(letter.text.split())


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({}, "[SEV2] Northwind Air: many people are complaining (14 times usual)"),
        (
            {"kind": LetterKind.RAISED, "severity": Severity.SEV1, "raised_from": Severity.SEV3, "ratio": 2.5},
            "[SEV1, was SEV3] Northwind Air: many people are complaining (2.5 times usual)",
        ),
        (
            {"kind": LetterKind.OFFERED},
            "[SEV2, take it over?] Northwind Air: many people are complaining (14 times usual)",
        ),
        ({"expected": 0.2, "observed": 9}, "[SEV2] Northwind Air: many people are complaining (9, usually none)"),
        ({"title": "power\r\nBcc: x@y"}, "[SEV2] Northwind Air: power Bcc: x@y (14 times usual)"),
    ],
)
def test_the_subject_says_severity_brand_what_and_how_much(write: Write, fields: dict[str, Any], subject: str) -> None:
    assert write(**fields).subject == subject


def test_the_subject_stays_one_bounded_line(write: Write) -> None:
    subject = write(brand="Very long brand " * 20, title="word " * 200).subject
    assert len(subject) < 160
    assert subject.startswith("[SEV2] Very long brand")
    assert subject.endswith("… (14 times usual)")


def test_both_forms_of_the_letter_carry_everything(write: Write) -> None:
    letter = write()
    for said in (Page(letter.html).text, plain(letter)):
        for needed in (
            "SEV2",
            "Northwind Air",
            "84 negative mentions by 58 people since 13:50; expected 6.",
            "opened 14:05 CEST",
            "usually 6",
            "@marta on Mastodon, 14:05 CEST",
            "Third cancelled flight this week.",
            "Tom on Forum, Mon 11 May, 14:05 CEST",
            "Somebody on Hacker News",
            "You own this incident. Open it and acknowledge it by 14:35 CEST",
            "1. Verify what happened",
            "Due by 14:25 CEST",
            "Open incident 7",
            "Dana Reyes, you get this because you own this incident.",
            "To get fewer of these",
        ):
            assert needed in said, needed


def test_the_parts_come_in_the_order_in_which_they_are_needed(write: Write) -> None:
    for text in (write().html.partition("<body")[2].partition("</div>")[2], write().text):
        places = [
            text.lower().index(part.lower())
            for part in (
                "Northwind Air",
                "84 negative",
                "What people say",
                "Owner",
                "Next step",
                "Open incident 7",
                "fewer",
            )
        ]
        assert places == sorted(places)


def test_what_kind_of_trouble_leads_is_one_sentence_after_why_where_one_does(write: Write) -> None:
    about = "41 of 60 negative posts tell of outage: “website … down”, “not working”."
    letter = write(about=about)
    for said in (Page(letter.html).text, plain(letter)):
        assert f"58 people since 13:50; expected 6. {about}" in said
    hostile = write(about=f"{HOSTILE}\nOWNER")
    assert "script" not in {tag for tag, _ in Page(hostile.html).tags}
    assert hostile.text.splitlines().count("OWNER") == 1
    assert "tell of" not in write().text + write().html


def test_posts_and_button_lead_where_they_say(write: Write) -> None:
    letter = write()
    links = ["https://social.example/1", "http://forum.example/t?a=1&b=2", "https://groundswell.example/incidents/7"]
    assert Page(letter.html).links == links
    assert all(link in letter.text for link in links)


def test_the_chart_is_shown_with_words_in_its_place(write: Write) -> None:
    letter = write()
    (image,) = [attributes for tag, attributes in Page(letter.html).tags if tag == "img"]
    assert image["src"] == f"cid:{letter.images[0].cid}"
    assert image["alt"] == letter.images[0].alt
    assert letter.images[0].alt == "Chart of mentions over time: the most were 91 at 14:05 CEST, usually 6."


def test_a_last_point_that_was_still_counted_is_said_to_be_so(write: Write) -> None:
    points = [WavePoint(AT - timedelta(minutes=back), 91, 6.0, 12.0, 70) for back in (30, 15, 0)]
    running = write(points=(*points[:2], replace(points[2], observed=4)))
    assert running.images[0].alt.endswith("usually 6. The last point is 4 so far.")
    assert "so far" not in write(points=tuple(points[:2])).images[0].alt


def test_without_a_chart_the_letter_is_whole(write: Write) -> None:
    letter = write({"chart_png": None})
    assert letter.images == ()
    assert "<img" not in letter.html


def test_others_are_told_who_owns_it_and_how_to_take_over(write: Write) -> None:
    letter = write(recipient_id="lee", recipient_name="Lee", reason="you are on the notify list of rule 2")
    assert "Dana Reyes owns this incident. It is to be acknowledged by 14:35 CEST. To take over, open it" in plain(
        letter
    )
    assert "Lee, you get this because you are on the notify list of rule 2." in plain(letter)


def test_nobody_is_asked_to_acknowledge_twice(write: Write) -> None:
    raised = {"kind": LetterKind.RAISED, "raised_from": Severity.SEV3, "acknowledge_by": None}
    assert "You have acknowledged it." in plain(write(**raised))
    assert "It is acknowledged. To have it yourself, open it" in plain(write(**raised, recipient_id="lee"))
    assert "raised from SEV3, 14:05 CEST" in plain(write(**raised))


def test_a_finished_checklist_has_no_deadline(write: Write) -> None:
    letter = write(next_step=None)
    assert "Every step of the checklist is done." in plain(letter)
    assert "Due by" not in letter.text + letter.html


def test_hostile_text_is_shown_and_never_acts(write: Write) -> None:
    posts = (
        Post(HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)", AT),
        Post("a", "b", "c", 'https://x.example/"><b>', AT),
    )
    letter = write(posts=posts, brand=HOSTILE, title=HOSTILE, why=HOSTILE, owner_name=HOSTILE, recipient_name=HOSTILE)
    page = Page(letter.html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert page.links == ["https://groundswell.example/incidents/7"]
    assert "\n" not in letter.subject
    assert letter.text.splitlines().count("OWNER") == 1
    assert "Mallory" not in {line.strip() for line in letter.text.splitlines()[:3]}


def test_long_posts_are_cut_at_a_word_and_the_letter_stays_below_the_size_that_mail_programs_clip(write: Write) -> None:
    posts = tuple(Post("a" * 500, "b" * 500, "word " * 5000, "https://x.example/" + "c" * 1900, AT) for _ in range(9))
    letter = write(posts=posts, why="why " * 5000, title="title " * 5000)
    assert "word word…" in letter.text
    assert letter.text.count("https://x.example/") == 3
    assert len(letter.html.encode()) < 102_000


@pytest.mark.parametrize("severity", list(Severity))
def test_every_severity_can_be_written(write: Write, severity: Severity) -> None:
    assert f">{severity}</td>" in write(severity=severity).html


def test_an_alert_survives_the_outbox(make_alert: MakeAlert) -> None:
    alert = make_alert(raised_from=Severity.SEV3, since=None)
    assert IncidentAlert.from_json(alert.to_json()) == alert
    assert replace(alert, next_step=None) == IncidentAlert.from_json(replace(alert, next_step=None).to_json())


def test_a_stored_alert_that_cannot_be_read_is_a_permanent_failure_naming_the_field(make_alert: MakeAlert) -> None:
    text = make_alert().to_json().replace('"SEV2"', '"SEV9"')
    with pytest.raises(DeliveryError, match="severity") as caught:
        IncidentAlert.from_json(text)
    assert caught.value.permanent


def test_times_of_another_day_carry_their_date(write: Write) -> None:
    assert "18:05 CEST, when it began on Mon 11 May" in plain(write(since=AT - timedelta(hours=20)))
