from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.chart import PAGE, PRINT, ChartPoint, Mark, MarkKind, WaveChart, png, summary, svg

Parse = Callable[[str], ET.Element]
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
QUARTER = timedelta(minutes=15)
COUNTS = [(5, 1), (6, 1), (4, 0), (30, 22), (84, 70), (80, 66)]


@pytest.fixture
def wave() -> WaveChart:
    return WaveChart(
        title="Northwind Air",
        points=tuple(ChartPoint(NOON + n * QUARTER, seen, 5.5, bad) for n, (seen, bad) in enumerate(COUNTS)),
        expected_high=12.0,
        marks=(Mark(NOON + 4 * QUARTER, "SEV2 opened", detail="84 by 58 people"),),
        time_zone=BERLIN,
    )


def words(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter("text")]


def heights(root: ET.Element, kind: str) -> list[float]:
    """The vertical places along the line or area that has a look of its own."""
    look = {"observed": ("stroke-width", "2"), "negative": ("fill", PRINT.negative)}[kind]
    data = [e.get("d", "") for e in root.iter("path") if e.get(look[0]) == look[1] and e.get("d", "").count("L") > 1]
    return [float(pair.split(" ")[1]) for pair in data[-1].strip("MZ").split("L")]


def test_the_picture_names_alarm_peak_hours_and_zone(wave: WaveChart, parse: Parse) -> None:
    said = words(parse(svg(wave)))
    assert {
        "Northwind Air",
        "SEV2 opened",
        "84",
        "mentions",
        "negative",
        "usual range",
        "CEST",
        "per 15 minutes",
    } <= set(said)
    assert "14:00" in said
    assert "Tue 12 May" in said


def test_the_line_follows_the_counts_and_the_axis_starts_at_zero(wave: WaveChart, parse: Parse) -> None:
    root = parse(svg(wave, theme=PRINT))
    line, area = heights(root, "observed"), heights(root, "negative")
    base = area[0]
    observed = [round((base - y) / (base - min(line)) * 84) for y in line]
    assert observed == [seen for seen, _ in COUNTS]
    assert all(below >= above for above, below in zip(line, area[1:-1], strict=True))


def test_the_text_alternative_says_what_the_picture_shows(wave: WaveChart, parse: Parse) -> None:
    root = parse(svg(wave))
    ids = {element.get("id"): element.text for element in root if element.get("id")}
    named = [ids[name] for name in (root.get("aria-labelledby") or "").split()]
    assert root.get("role") == "img"
    assert named == ["Northwind Air", summary(wave)]
    assert summary(wave) == (
        "Mentions per 15 minutes from Tue 12 May 14:00 to Tue 12 May 15:30. The most were 84 at Tue 12 May 15:00, "
        "70 of them negative, where about 6 are usual. SEV2 opened: Tue 12 May 15:00."
    )
    assert "stated" in svg(replace(wave, description="stated by hand"))


def test_on_a_page_colours_follow_its_text_and_in_print_they_are_fixed(wave: WaveChart) -> None:
    page, printed = svg(wave, theme=PAGE), svg(wave, theme=PRINT)
    assert "currentColor" in page
    assert "#1a2533" not in page
    assert "var(" not in printed
    assert "currentColor" not in printed
    assert "<style" not in page  # a strict content security policy forbids it


def test_every_point_tells_its_counts_on_hover(wave: WaveChart, parse: Parse) -> None:
    tips = [title.text for rect in parse(svg(wave)).iter("rect") for title in rect.iter("title")]
    assert "84 by 58 people" in tips
    assert "Tue 12 May 14:45: 30 mentions, 22 negative, 5.5 usual" in tips
    assert "Tue 12 May 15:00: 84 mentions, 70 negative, 5.5 usual\nSEV2 opened: 84 by 58 people" in tips
    assert len(tips) == len(COUNTS) + 1


def test_marks_differ_in_form_by_what_they_stand_for(wave: WaveChart, parse: Parse) -> None:
    marks = tuple(Mark(NOON + n * QUARTER, kind.value, kind) for n, kind in enumerate(MarkKind))
    root = parse(svg(replace(wave, marks=marks), theme=PRINT))
    boxes = [rect.get("fill") for rect in root.iter("rect") if rect.get("stroke")]
    dashes = [line.get("stroke-dasharray") for line in root.iter("path") if line.get("stroke-dasharray") != "2 3"]
    assert boxes == [PRINT.ink, PRINT.paper, PRINT.paper, PRINT.paper]
    assert [dash for dash in dashes if dash] == ["none", "4 3", "none", "1 3"]


def test_many_marks_are_counted_in_the_text_alternative_and_few_are_named(wave: WaveChart) -> None:
    held = tuple(Mark(NOON + n * QUARTER / 2, "Held", MarkKind.HELD) for n in range(7))
    assert summary(replace(wave, marks=held)).endswith(" Marked are 7 held alarms.")
    assert summary(replace(wave, marks=held[:2])).endswith(" Held: Tue 12 May 14:00. Held: Tue 12 May 14:07.")


def test_what_was_planned_has_a_roof_as_long_as_it_lasted(wave: WaveChart, parse: Parse) -> None:
    planned = Mark(NOON + QUARTER, "Sale", MarkKind.PLANNED, "Up to 3 times as much.", until=NOON + 3 * QUARTER)
    drawn = svg(replace(wave, marks=(planned,)))
    roofs = [float(rect.get("width") or 0) for rect in parse(drawn).iter("rect") if rect.get("height") == "4"]
    steps = [float(rect.get("width") or 0) for rect in parse(drawn).iter("rect") if rect.get("pointer-events")]
    assert roofs == [pytest.approx(2 * steps[0], abs=0.2)]
    told = [title.text or "" for title in parse(drawn).iter("title")]
    assert [line.count("Sale: Up to 3 times") for line in told if line.startswith("Tue")] == [0, 1, 1, 0, 0, 0]


def test_the_words_of_a_label_do_not_cover_the_reason_that_its_box_tells(wave: WaveChart, parse: Parse) -> None:
    (label,) = (text for text in parse(svg(wave)).iter("text") if text.text == "SEV2 opened")
    assert label.get("pointer-events") == "none"


def test_a_last_point_that_is_still_counted_is_no_part_of_the_line_and_is_said_to_be_so(
    wave: WaveChart, parse: Parse
) -> None:
    running = replace(wave, points=(*wave.points[:-1], replace(wave.points[-1], observed=9, negative=7)), marks=())
    drawn = replace(running, until=NOON + 5 * QUARTER + QUARTER / 3)
    root = parse(svg(drawn, theme=PRINT))
    assert len(heights(root, "observed")) == len(COUNTS) - 1
    assert len(heights(root, "negative")) == len(COUNTS) - 1 + 2
    assert "per 15 minutes; hollow: still counting" in words(root)
    assert {circle.get("fill") for circle in root.iter("circle")} == {PRINT.ink, PRINT.paper}
    assert "15:15: 9 mentions so far, 7 negative" in svg(drawn)
    assert summary(drawn).endswith("The last 15 minutes: 9 so far, up to Tue 12 May 15:20.")
    over = replace(running, until=NOON + 6 * QUARTER)
    assert svg(over) == svg(running)
    assert len(heights(parse(svg(over, theme=PRINT)), "observed")) == len(COUNTS)


def test_a_peak_that_still_grows_is_named_once(wave: WaveChart, parse: Parse) -> None:
    grows = replace(wave, points=wave.points[:5], until=NOON + 4 * QUARTER)
    said = words(parse(svg(grows)))
    assert "84 so far" in said
    assert "84" not in said


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '" onload="x', "]]>&amp;", "\x00\x0b\ud800\ufffe"])
def test_hostile_text_stays_text(wave: WaveChart, parse: Parse, hostile: str) -> None:
    spec = replace(wave, title=hostile, description=hostile, marks=(Mark(NOON, hostile, detail=hostile),))
    root = parse(svg(spec))
    assert "script" not in {element.tag for element in root.iter()}
    assert not [name for element in root.iter() for name in element.keys() if name.startswith("on")]  # noqa: SIM118
    assert png(spec)


@pytest.mark.parametrize("until", [None, NOON])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_series_too_short_for_a_line_still_makes_a_picture(
    wave: WaveChart, parse: Parse, number: int, until: datetime | None
) -> None:
    spec = replace(wave, points=wave.points[:number], marks=(), until=until)
    assert ("No mentions yet" in words(parse(svg(spec)))) == (number == 0)
    assert png(spec).startswith(b"\x89PNG")


def test_a_quiet_series_shows_no_peak(wave: WaveChart, parse: Parse) -> None:
    quiet = replace(wave, points=wave.points[:3], marks=())
    assert not list(parse(svg(quiet)).iter("circle"))
    assert list(parse(svg(wave)).iter("circle"))


def test_the_usual_range_may_differ_from_point_to_point(wave: WaveChart) -> None:
    assert replace(wave, expected_high=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).highs[-1] == 6.0
    assert wave.highs == (12.0,) * 6


def test_the_png_has_the_asked_size_and_the_text_is_drawn(wave: WaveChart) -> None:
    picture = png(wave, scale=3, width=400, height=200)
    assert struct.unpack(">II", picture[16:24]) == (1200, 600)
    assert picture != png(replace(wave, title="Southwind Air"), scale=3, width=400, height=200)
    assert len(png(wave)) < 60_000


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 10**6)), max_size=40),
    st.lists(st.tuples(st.integers(-10, 50), st.text(max_size=40)), max_size=6),
    st.sampled_from([320, 480, 1200]),
)
def test_any_series_becomes_well_formed_svg(
    counts: list[tuple[int, float]], marks: list[tuple[int, str]], width: int
) -> None:
    points = tuple(ChartPoint(NOON + n * QUARTER, seen, usual, seen // 2) for n, (seen, usual) in enumerate(counts))
    labels = tuple(Mark(NOON + at * QUARTER, label) for at, label in marks)
    ET.fromstring(svg(WaveChart("t", points, 3.0, labels, BERLIN), width=width))  # noqa: S314 - our own
