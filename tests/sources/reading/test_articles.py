"""Links, outlets and the keys of articles that a service gives no id."""

from __future__ import annotations

import pytest

from sources.reading.articles import article_key, language_of, link_of, outlet_of

STORY = "https://www.daily.example/story/7?page=2&id=5"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://daily.example/story/7?page=2&id=5", True),
        ("https://www.daily.example/story/7/?id=5&page=2&utm_source=x&fbclid=y#top", True),
        ("https://WWW.Daily.example/story/7?page=2&id=5&gclid=", True),
        ("https://www.daily.example/story/7?page=3&id=5", False),
        ("https://www.daily.example/story/8?page=2&id=5", False),
        ("https://www.daily.example/Story/7?page=2&id=5", False),
        ("https://m.daily.example/story/7?page=2&id=5", False),
        ("https://www.daily.example:8443/story/7?page=2&id=5", False),
        ("https://www.daily.example/story/7", False),
    ],
)
def test_one_article_has_one_key_however_its_address_is_decorated(other: str, same: bool) -> None:  # noqa: FBT001
    assert (article_key("newsapi", other) == article_key("newsapi", STORY)) is same
    assert article_key("gdelt", STORY) != article_key("newsapi", STORY)


def test_an_outlet_is_the_host_without_www() -> None:
    assert outlet_of("https://www.Daily.example/x") == "daily.example"
    assert outlet_of("https://news.daily.example:8443/") == "news.daily.example"
    assert [outlet_of(odd) for odd in ("", "//[", "mailto:a@b.example")] == [None, None, None]


def test_what_is_no_link_and_no_language_is_none() -> None:
    assert [link_of(odd) for odd in ("javascript:x", "", "http://")] == [None, None, None]
    assert (link_of("https://daily.example/"), language_of("pt-BR"), language_of("English")) == (
        "https://daily.example/",
        "pt",
        None,
    )
