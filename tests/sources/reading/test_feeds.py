"""Feeds of any format as entries, and the guards around feedparser."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from sources.contract import SourceError
from sources.network.fetching import Answer
from sources.reading.entries import Feed
from sources.reading.feeds import read_feed

URL = "https://acme.example/news/feed.xml"


def answer(body: bytes | str, content_type: str = "application/rss+xml") -> Answer:
    content = body.encode() if isinstance(body, str) else body
    return Answer(200, URL, CaseInsensitiveDict({"Content-Type": content_type}), content)


def rss(items: str, channel: str = "", head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>News</title>{channel}{items}</channel></rss>'


def item(number: int) -> str:
    return f"<item><guid>id-{number}</guid><title>Title {number}</title><description>Text {number}</description></item>"


def titles(feed: Feed) -> list[str]:
    return [entry.title for entry in feed.entries]


def test_rss_entries_carry_what_the_feed_says() -> None:
    feed = read_feed(
        answer(
            rss(
                "<item><guid isPermaLink='false'>7</guid><title>Q&amp;amp;A &lt;b&gt;now&lt;/b&gt;</title>"
                "<link>/story/7</link><author>ann@acme.example (Ann Ames)</author>"
                "<pubDate>Tue, 10 Mar 2026 12:00:00 +0100</pubDate>"
                "<description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description></item>",
                "<language>en-GB</language>",
            )
        )
    )
    (entry,) = feed.entries
    assert (entry.id, entry.link, entry.title) == ("7", "https://acme.example/story/7", "Q&A now")
    assert (entry.text, entry.author, entry.language) == ("First.\nSecond.", "Ann Ames", "en-GB")
    assert entry.published == 1773140400
    assert (feed.warnings, feed.whole) == ((), True)


def test_atom_text_is_literal_and_its_base_and_language_are_kept() -> None:
    feed = read_feed(
        answer(
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://other.example/x/"><title>t</title>'
            '<entry xml:lang="de"><id>tag:acme.example,2026:1</id><title>1 &lt;b&gt; 2 &amp;amp; 3</title>'
            '<link href="y"/><updated>2026-03-10T12:00:00Z</updated><author><name>Bo</name></author>'
            '<summary>short</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">long<br/>text</div>'
            "</content></entry></feed>"
        )
    )
    (entry,) = feed.entries
    assert (entry.title, entry.text) == ("1 <b> 2 &amp; 3", "long\ntext")
    assert (entry.link, entry.language, entry.author) == ("https://other.example/x/y", "de", "Bo")
    assert entry.published == 1773144000


def test_the_outlet_that_google_news_names_is_the_author() -> None:
    feed = read_feed(answer(rss('<item><title>T</title><source url="https://daily.example">The Daily</source></item>')))
    assert feed.entries[0].author == "The Daily"


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>t</title>{}</feed>'


@pytest.mark.parametrize(
    ("body", "author"),
    [
        (ATOM.format("<author><name>Ann</name></author><entry><title>t</title></entry>"), "Ann"),
        (ATOM.format("<author><name>Ann</name></author><entry><author><name>Bo</name></author></entry>"), "Bo"),
        (ATOM.format("<entry><author><name>Bo</name></author><author><name>Cy</name></author></entry>"), "Bo, Cy"),
        (ATOM.format("<entry><source><title>S</title><author><name>Di</name></author></source></entry>"), "Di"),
        (rss("<item><title>t</title></item>", "<managingEditor>Ann</managingEditor>"), ""),
        (json.dumps({"version": "https://jsonfeed.org/version/1.1", "authors": [{"name": "Ann"}, {"name": "Bo"}],
                     "items": [{"id": "1", "title": "t"}]}), "Ann, Bo"),
    ],
)  # fmt: skip
def test_an_entry_without_an_author_has_its_sources_or_its_feeds(body: str, author: str) -> None:
    assert read_feed(answer(body)).entries[0].author == author


@pytest.mark.parametrize(
    ("body", "header", "language"),
    [
        (ATOM.format("<entry><title>t</title></entry>"), "", "en"),
        (ATOM.format("<entry><title>t</title><summary xml:lang='de'>s</summary></entry>"), "", "de"),
        (ATOM.format("<entry><title xml:lang=''>t</title></entry>"), "fr", ""),
        (rss("<item><title>t</title></item>", "<language>it</language>"), "fr", "it"),
        (rss("<item><title>t</title></item>"), "fr", "fr"),
        (rss("<item><title>t</title></item>"), "fr, de", ""),
    ],
)
def test_the_language_is_that_of_the_words_else_of_the_feed_else_of_the_answer(
    body: str, header: str, language: str
) -> None:
    headers = CaseInsensitiveDict({"Content-Type": "application/rss+xml", "Content-Language": header})
    assert read_feed(Answer(200, URL, headers, body.encode())).entries[0].language == language


def test_the_link_is_the_page_and_never_what_is_enclosed() -> None:
    links = '<link rel="alternate" href="/page"/><link rel="enclosure">/sound.mp3</link>'
    assert read_feed(answer(ATOM.format(f"<entry>{links}</entry>"))).entries[0].link == "https://acme.example/page"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("昨日の夜、空港で三時間も待たされましたが、誰も説明してくれません。", "shift_jis"),
        ("昨天晚上我们在机场等了三个小时。没有人告诉我们发生了什么事。", "gb2312"),
        ("Вчера вечером мы три часа ждали в аэропорту, и никто ничего не объяснил.", "koi8-r"),
        ("Gestern Abend mussten wir drei Stunden warten, über die Verspätung wußte keiner etwas.", "cp1252"),
    ],
)
def test_an_encoding_that_nobody_declared_is_found(words: str, encoding: str) -> None:
    feed = read_feed(answer(rss(f"<item><title>{words}</title></item>").encode(encoding)))
    assert titles(feed) == [words]
    assert "guessed" in feed.warnings[0]


UMLAUT = '<?xml version="1.0" encoding="{}"?>' + rss("<item><title>Grüße €</title></item>")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (UMLAUT.format("utf-8").encode(), "text/xml"),
        (UMLAUT.format("utf-8").encode(), "application/rss+xml"),
        (UMLAUT.format("utf-8").encode(), "text/html"),
        (UMLAUT.format("windows-1252").encode("cp1252"), "text/xml"),
        (UMLAUT.format("utf-8").encode("cp1252"), 'application/xml; charset="windows-1252"'),
        (UMLAUT.format("windows-1252").encode(), "application/xml; charset=utf-8"),
        (codecs.BOM_UTF8 + UMLAUT.format("windows-1252").encode(), "text/xml; charset=iso-8859-1"),
        (UMLAUT.format("utf-8").encode("utf-16"), "text/xml"),
        (UMLAUT.format("utf-16").encode("utf-16-be"), "text/xml"),
        (codecs.BOM_UTF16_LE + UMLAUT.format("utf-16").encode("utf-16-le"), "application/xml; charset=utf-8"),
        (UMLAUT.format("utf-32").encode("utf-32"), ""),
        (rss("<item><title>Grüße €</title></item>").encode("utf-16-le"), ""),
    ],
)
def test_the_encoding_is_found_as_rfc_7303_has_it(body: bytes, content_type: str) -> None:
    feed = read_feed(answer(body, content_type))
    assert titles(feed) == ["Grüße €"]
    assert feed.warnings == ()


def test_a_wrong_encoding_declaration_is_a_warning() -> None:
    feed = read_feed(answer(UMLAUT.format("utf-8").encode("cp1252")))
    assert titles(feed) == ["Grüße €"]
    assert "encoding" in feed.warnings[0]


def test_a_feed_cut_off_in_an_entry_keeps_the_whole_ones() -> None:
    whole = rss(item(1) + item(2) + item(3))
    feed = read_feed(answer(whole[: whole.index("Text 3")]))
    assert titles(feed) == ["Title 1", "Title 2"]
    assert not feed.whole
    assert "middle of an entry" in feed.warnings[1]


def test_a_feed_cut_off_between_entries_or_badly_written_keeps_all() -> None:
    cut = read_feed(answer(rss(item(1) + item(2)).removesuffix("</channel></rss>")))
    bad = read_feed(answer(rss("<item><title>Fish & chips</title></item>" + item(2))))
    assert (titles(cut), cut.whole, len(cut.warnings)) == (["Title 1", "Title 2"], True, 1)
    assert (titles(bad), bad.whole, len(bad.warnings)) == (["Fish & chips", "Title 2"], True, 1)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("<!DOCTYPE html><html><body>Soon here</body></html>", "web page"),
        ("\n<!-- x --><HTML lang=en><p>404", "web page"),
        ("just words", "not a feed"),
        ("<note><to>Bo</to></note>", "not a feed"),
        ('<?xml version="1.0"?><rss version="2.0"><channel><title>cut', "no whole entry"),
        (rss("<item><title>only one, cut").removesuffix("</channel></rss>"), "no whole entry"),
        ('{"items": []}', "not a JSON Feed"),
        ('{"version": 1, "items": []}', "not a JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "no list"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": {}}', "no list"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [1, 2]}', "none of the 2 posts"),
        ('{"version": "https://jsonfeed', "did not answer with JSON"),
        ('{"a":' * 100_000, "did not answer with JSON"),
        (b"\x00\xff\xfe\x01\x02", "not a feed"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_said_plainly(body: bytes | str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem) as caught:
        read_feed(answer(body))
    assert caught.value.subject == URL


def test_json_feed_entries_carry_what_the_feed_says() -> None:
    items: list[Any] = [
        {"id": 1, "url": "https://a.example/1", "title": "One", "content_html": "<p>a</p>b", "language": "fr-CA",
         "date_published": "2026-03-10T12:00:00+01:00", "authors": [{"name": "Ann"}]},
        {"id": "2", "external_url": "https://b.example/2", "content_text": "1 < 2", "author": {"name": "Bo"},
         "date_modified": "2026-03-10T12:00:00"},
        {"id": "3", "url": "javascript:alert(1)", "summary": "s", "title": 5, "authors": "none", "date_published": []},
        "odd",
    ]  # fmt: skip
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "language": "en", "items": items})
    feed = read_feed(answer(body))
    assert [(entry.id, entry.link, entry.title, entry.text, entry.author) for entry in feed.entries] == [
        ("1", "https://a.example/1", "One", "a\nb", "Ann"),
        ("2", "https://b.example/2", "", "1 < 2", "Bo"),
        ("3", "", "", "s", ""),
    ]
    assert [entry.language for entry in feed.entries] == ["fr", "en", "en"]
    assert [entry.published for entry in feed.entries] == [1773140400, 1773144000, None]
    assert feed.warnings == ("1 post skipped: not as JSON Feed describes them.",)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "x">]>',
        '<!-- <a> --><?p <b> ?>\n<!DOCTYPE rss SYSTEM "<c>" [ <!ENTITY a "x">]>',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hosts">]>',
        'junk <!DOCTYPE rss [\n<!ENTITY a "x">\n]>',
    ],
)
def test_documents_that_define_entities_are_refused(prolog: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(SourceError, match=r"entities|not a feed"):
            read_feed(answer(rss("<item><title>&a;</title></item>", head=prolog).encode(encoding)))


def test_an_article_about_entities_and_a_plain_doctype_are_fine() -> None:
    head = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://acme.example/rss.dtd">'
    story = "<item><title>T</title><description><![CDATA[<pre><!ENTITY a 'x'></pre>]]> </description></item>"
    assert titles(read_feed(answer(rss(story, head=head)))) == ["T"]


def test_the_name_of_a_file_is_not_a_feed(tmp_path: Path) -> None:
    secret = tmp_path / "<rss>.xml"
    secret.write_text(rss(item(1)))
    for body in (str(secret), f"file://{secret}"):
        with pytest.raises(SourceError):
            read_feed(answer(body))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_white_space_before_the_first_element_costs_nothing(encoding: str) -> None:
    body = "<?xml version='1.0'?>" + "\n" * 400_000 + rss(item(1))
    assert titles(read_feed(answer(body.encode(encoding)))) == ["Title 1"]


FRAGMENTS = st.sampled_from(
    b"<rss> </rss> <channel> <item> </item> <title> </title> <guid> &lt; & <!-- --> <![CDATA[ ]]> <!DOCTYPE [ text "
    b"<entry> <author> <link\thref='//['/> <?xml\tencoding='utf-7'?> <feed\txmlns='http://www.w3.org/2005/Atom'> "
    b"<pubDate>0001-01-01T00:00:00+23:59</pubDate> <content\ttype='image/png'>".split(b" ")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS | st.binary(max_size=8), max_size=12), st.text(max_size=12))
def test_any_bytes_are_a_feed_or_a_source_error(parts: list[bytes], charset: str) -> None:
    try:
        feed = read_feed(answer(b"".join(parts), f"text/xml; charset={charset}"))
    except SourceError as error:
        assert error.problem  # noqa: PT017  either outcome is right; any other exception is the failure
    else:
        assert json.dumps([entry.text for entry in feed.entries]).isascii()
