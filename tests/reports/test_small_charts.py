from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from markupsafe import escape

from reports.small_charts import bars, sentiment_bar, sparkline

Parse = Callable[[str], ET.Element]


def label(root: ET.Element) -> str | None:
    return root.findtext("title")


@pytest.mark.parametrize("values", [[], [3], [0, 0, 0], [1, 5, 2, 9]])
def test_a_sparkline_has_a_dot_at_its_last_value_and_says_what_it_shows(values: list[float], parse: Parse) -> None:
    root = parse(sparkline(values, width=100, height=20, label="Mentions of <b>24 h</b>"))
    assert label(root) == "Mentions of <b>24 h</b>"
    assert len(list(root.iter("circle"))) == min(len(values), 1)


def test_a_sparkline_starts_at_zero_and_ends_at_the_top_for_its_highest_value(parse: Parse) -> None:
    dot = next(parse(sparkline([0, 4, 8], width=100, height=20, label="x")).iter("circle"))
    middle = next(parse(sparkline([0, 8, 4], width=100, height=20, label="x")).iter("circle"))
    assert (dot.get("cy"), middle.get("cy")) == ("3", "10")


def test_bars_stand_on_a_line_and_little_is_still_seen(parse: Parse) -> None:
    root = parse(bars([0, 1, 1000, 500], width=40, height=21, label="Posts a day"))
    assert label(root) == "Posts a day"
    drawn = [(rect.get("x"), rect.get("height")) for rect in root.iter("rect")]
    assert drawn == [("10", "1.5"), ("20", "19"), ("30", "9.5")]


def test_the_parts_of_a_sentiment_bar_are_as_wide_as_their_shares(parse: Parse) -> None:
    root = parse(sentiment_bar(10, 20, 10, 0, width=101))
    assert label(root) == "10 negative, 20 neutral, 10 positive"
    assert [rect.get("width") for rect in root.iter("rect")] == ["23.5", "48.5", "23.5"]


def test_mentions_that_were_not_scored_are_an_outline(parse: Parse) -> None:
    (rect,) = parse(sentiment_bar(0, 0, 0, 7)).iter("rect")
    assert rect.get("fill") == "none"


def test_an_empty_sentiment_bar_says_so(parse: Parse) -> None:
    root = parse(sentiment_bar(0, 0, 0, 0))
    assert label(root) == "No mentions"
    assert len(list(root.iter("rect"))) == 1


def test_pictures_go_into_an_escaping_template_as_they_are() -> None:
    picture = sparkline([1, 2], label="x")
    assert escape(picture) == picture
