"""Google Alerts as mentions, and that nobody gets to read the address of a feed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from sources import google_alerts
from sources.contract import Fetched, SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
ID = "00112233445566778899/9988776655443322110"
PATH = f"/alerts/feeds/{ID}"
STORY = "https://www.daily.example/story?id=7&x=%C3%BC"


def entry(link: str = "", number: int = 1, title: str = "<b>Acme</b> is late &amp; sorry") -> str:
    wrapped = link or f"https://www.google.com/url?rct=j&sa=t&url={quote(STORY, safe='')}&ct=ga&cd=CAE&usg=AO"
    return (
        f"<entry><id>tag:google.com,2013:googlealerts/feed:{number}</id>"
        f'<title type="html">{escape(title)}</title><link href="{escape(wrapped)}"/>'
        "<published>2026-03-10T11:00:00Z</published><updated>2026-03-10T11:00:00Z</updated>"
        '<content type="html">The &lt;b&gt;Acme&lt;/b&gt; flight&amp;nbsp;...</content>'
        "<author><name></name></author></entry>"
    )


def feed(*entries: str) -> str:
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Google Alert - acme</title>'
    return f"{head}{''.join(entries)}</feed>"


def found(site: Site, visit: Visit, *entries: str) -> Fetched:
    site.serve(PATH, feed(*entries))
    return google_alerts.fetch(google_alerts.Options(feed=SecretStr(ID), server=site.url), visit)


def test_an_entry_becomes_a_mention_of_the_page_it_leads_to(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), entry()).mentions
    assert (mention.title, mention.text) == ("Acme is late & sorry", "The Acme flight ...")
    assert (mention.url, mention.author, mention.handle) == (STORY, "daily.example", "daily.example")
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://google.com/url?q=https://a.example/1", "https://a.example/1"),
        ("https://www.google.co.uk/url?url=http://a.example/1&sa=t", "http://a.example/1"),
        ("https://a.example/url?url=https://evil.example/", "https://a.example/url?url=https://evil.example/"),
        ("https://www.google.com/search?q=acme", "https://www.google.com/search?q=acme"),
        ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t"),
        ("https://www.google.com/url?url=javascript:alert(1)", None),
        ("https://[", None),
    ],
)
def test_links_are_unwrapped_and_only_web_links_are_kept(link: str, url: str | None, site: Site, visit: Visits) -> None:
    assert found(site, visit(), entry(link)).mentions[0].url == url


def test_what_several_alerts_find_is_one_mention(site: Site, visit: Visits) -> None:
    again = "https://www.google.com/url?url=" + quote(STORY + "&utm_source=alert#top", safe="")
    first, second, other, unlinked = found(
        site, visit(), entry(), entry(again, 2), entry("https://a.example/", 3), entry("https://[", 4)
    ).mentions
    assert first.key == second.key
    assert len({first.key, other.key, unlinked.key}) == 3


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_no_message_shows_the_address(status: int, site: Site, visit: Visits) -> None:
    options = google_alerts.Options(feed=SecretStr(f"https://www.google.com{PATH}"), server=site.url)
    site.serve("*", status=status)
    with pytest.raises(SourceError) as caught:
        google_alerts.fetch(options, visit())
    texts = f"{caught.value} {caught.value!r} {options} {options!r} {options.model_dump()}"
    assert site.asked[0].path == PATH
    assert not any(part in texts for part in ID.split("/"))
    assert caught.value.permanent is (status in {403, 404})


def test_no_message_shows_the_address_of_something_that_is_no_feed(site: Site, visit: Visits) -> None:
    site.serve("*", "<html>Sorry</html>")
    with pytest.raises(SourceError, match="web page") as caught:
        google_alerts.fetch(google_alerts.Options(feed=SecretStr(ID), server=site.url), visit())
    assert str(caught.value).startswith(f"{site.url} (a Google alert): it answered")


@pytest.mark.parametrize(
    "address", [f"https://www.google.com/alerts/feeds/{ID}", f" https://www.google.de/alerts/feeds/{ID}/ ", ID]
)
def test_the_address_may_be_pasted_as_a_browser_shows_it(address: str, site: Site, visit: Visits) -> None:
    site.serve(PATH, feed(entry()))
    assert google_alerts.fetch(google_alerts.Options(feed=SecretStr(address), server=site.url), visit()).mentions


@pytest.mark.parametrize(
    "address", ["https://www.google.com/alerts/feeds/", f"https://evil.example/alerts/feeds/{ID}", f"{ID}/../../x", ""]
)
def test_settings_take_only_addresses_of_alerts(address: str) -> None:
    with pytest.raises(ValueError, match="alerts/feeds/123/456"):
        google_alerts.Options(feed=SecretStr(address))


def test_an_unchanged_feed_costs_a_304_unless_the_visit_is_fresh(site: Site, visit: Visits) -> None:
    def reply(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"v1"'
        return site.reply(b"" if known else feed(entry()).encode(), 304 if known else 200, {"ETag": '"v1"'})

    site.answer(PATH, reply)
    options = google_alerts.Options(feed=SecretStr(ID), server=site.url)
    first = google_alerts.fetch(options, visit())
    second = google_alerts.fetch(options, visit(first.cursor))
    fresh = google_alerts.fetch(options, visit(first.cursor, fresh=True))
    assert (second.unchanged, second.mentions, second.cursor) == (True, (), first.cursor)
    assert (fresh.unchanged, len(fresh.mentions)) == (False, 1)
