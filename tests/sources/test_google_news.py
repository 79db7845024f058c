"""Google News as mentions, from a local server that answers searches with feeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import pytest

from mentions.query.terms import of_phrases
from sources import google_news
from sources.contract import Fetched, SourceError, Visit
from sources.network.fetching import Client
from sources.network.pacing import Pacing

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PATH = "/rss/search"


@pytest.fixture
def http(unhurried: Client) -> Client:
    return unhurried


def item(number: int, title: str = "", source: str = "") -> str:
    outlet = source or '<source url="https://www.daily.example">The Daily</source>'
    link = f"https://news.google.com/rss/articles/CB{number}?oc=5"
    return (
        f"<item><title>{escape(title or f'Story {number} - The Daily')}</title><link>{link}</link>"
        f'<guid isPermaLink="false">CB{number}</guid><pubDate>Tue, 10 Mar 2026 11:00:00 GMT</pubDate>'
        f"<description>&lt;a href='{link}'&gt;Other words&lt;/a&gt;</description>{outlet}</item>"
    )


def feed(*items: str) -> bytes:
    head = '<rss version="2.0"><channel><title>"acme" - Google News</title><language>en-GB</language>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def found(site: Site, visit: Visit, *items: str, **options: Any) -> Fetched:
    site.serve(PATH, feed(*items))
    return google_news.fetch(google_news.Options(**{"server": site.url, "query": "acme", **options}), visit)


def test_an_article_becomes_a_mention_of_its_outlet(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), item(7, "Acme - late & later - The Daily")).mentions
    assert (mention.key, mention.title, mention.text) == ("google_news:CB7", "Acme - late & later", "")
    assert (mention.author, mention.handle, mention.language) == ("The Daily", "daily.example", "en")
    assert mention.url == "https://news.google.com/rss/articles/CB7?oc=5"
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"


@pytest.mark.parametrize(
    ("title", "source", "expected"),
    [
        ("Acme is late - Weekly", "", ("Acme is late - Weekly", "The Daily", "daily.example")),
        ("Acme is late", "<source>The Daily</source>", ("Acme is late", "The Daily", None)),
        ("Acme is late - The Daily", "<category/>", ("Acme is late - The Daily", None, None)),
        ("Acme", '<source url="//[">The Daily</source>', ("Acme", "The Daily", None)),
    ],
)
def test_only_the_outlet_that_is_named_is_taken_off_the_title(
    title: str, source: str, expected: tuple[str | None, ...], site: Site, visit: Visits
) -> None:
    (mention,) = found(site, visit(), item(7, title, source)).mentions
    assert (mention.title, mention.author, mention.handle) == expected


def test_the_key_stays_when_the_title_is_edited(site: Site, visit: Visits) -> None:
    before = found(site, visit(), item(7, "Before - The Daily"))
    after = found(site, visit(before.cursor), item(7, "After - The Daily"))
    assert before.mentions[0].key == after.mentions[0].key


@pytest.mark.parametrize(
    ("language", "country", "edition"),
    [("en-US", "US", "US:en"), ("de", "CH", "CH:de"), ("pt-BR", "BR", "BR:pt-419"), ("zh-TW", "TW", "TW:zh-Hant")],
)
def test_the_edition_is_asked_for_in_all_three_parameters(
    language: str, country: str, edition: str, site: Site, visit: Visits
) -> None:
    found(site, visit(), language=language, country=country)
    asked = site.asked[-1].query
    assert (asked["hl"], asked["gl"], asked["ceid"]) == (language, country, edition)


def test_the_brands_queries_are_searched_for_unless_the_source_has_one(site: Site, visit: Visits) -> None:
    listening = visit(queries=(of_phrases(["Acme Air"]),))
    found(site, listening, query="")
    found(site, listening, query="acme when:2h")
    assert [asked.query["q"] for asked in site.asked] == ['"Acme Air" when:7d', "acme when:2h"]
    with pytest.raises(SourceError, match="nothing to search for"):
        found(site, visit(), query="")


def searching(site: Site, articles: dict[str, int]) -> None:
    """Answer with so many articles for each stretch of time, of which no more than 100 are shown."""

    def reply(asked: Asked) -> Reply:
        stretch = asked.query["q"].rpartition(":")[2]
        numbers = range(100, 100 + articles[stretch])[:100]
        return site.reply(feed(*(item(number, source=f"<source>{stretch}</source>") for number in numbers)))

    site.answer(PATH, reply)


@pytest.mark.parametrize(
    ("articles", "asked", "many"),
    [
        ({"7d": 99, "1d": 0, "1h": 0}, ["acme when:7d"], False),
        ({"7d": 150, "1d": 30, "1h": 2}, ["acme when:7d", "acme when:1d"], False),
        ({"7d": 900, "1d": 300, "1h": 40}, ["acme when:7d", "acme when:1d", "acme when:1h"], False),
        ({"7d": 900, "1d": 300, "1h": 140}, ["acme when:7d", "acme when:1d", "acme when:1h"], True),
    ],
)
def test_where_not_all_is_shown_shorter_stretches_are_asked_for_politely(
    articles: dict[str, int],
    asked: list[str],
    many: bool,  # noqa: FBT001  a column of the table
    site: Site,
    visit: Visits,
    slept: list[float],
) -> None:
    searching(site, articles)
    result = google_news.fetch(google_news.Options(server=site.url, query="acme"), visit())
    assert [each.query["q"] for each in site.asked] == asked
    assert len(result.mentions) == sum(min(articles[each.rpartition(":")[2]], 100) for each in asked)
    assert any("more than 100" in warning for warning in result.warnings) is many
    assert slept == [2.0 * number for number in range(1, len(asked))]


def test_articles_without_a_title_are_skipped_and_counted(site: Site, visit: Visits) -> None:
    result = found(site, visit(), item(1), "<item><guid>2</guid></item>")
    assert (len(result.mentions), result.warnings) == (1, ("1 post skipped: no title.",))


def test_searches_for_which_the_service_leaves_no_time_have_their_turn_in_the_next_visit(site: Site) -> None:
    site.serve("/rss/search", f"<rss version='2.0'><channel>{item(7, 'Acme')}</channel></rss>")
    brands = tuple(of_phrases([f"brand {number} {'x' * 200}"]) for number in range(5))
    options, cursor = google_news.Options(server=site.url), dict[str, str]()
    for _ in range(3):
        pacing = Pacing(lambda: NOW, monotonic=lambda: 0.0, sleep=lambda _: None)
        pacing.start_round(3)
        with Client(user_agent="test", allow_private=True, pacing=pacing) as client:
            result = google_news.fetch(options, Visit(client, cursor, NOW, queries=brands))
        cursor = dict(result.cursor)
        assert (len(result.mentions), result.behind) == (2, True)
    asked = [each.query["q"][7] for each in site.asked]
    assert asked == ["0", "1", "2", "3", "4", "0"]
