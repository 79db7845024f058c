from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.addresses import address_digest, canonical

PAGE = "https://news.example/2026/late?id=7"


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example/2026/late?id=7",
        "HTTPS://WWW.News.Example:443/2026/late?id=7",
        "https://m.news.example/2026/late/?id=7",
        "https://amp.news.example/2026/late/amp?id=7",
        "https://news.example/2026/late?utm_source=x&id=7&fbclid=abc",
        "https://news.example/2026/late?id=7#comments",
        "https://news.example/2026/late?id=7#:~:text=two%20hours",
        "https://somebody:secret@news.example/2026/l%61te?id=7",
        "  https://news.example./2026/late/index.html?id=7\n",
    ],
)
def test_links_to_one_page_have_one_address(same: str) -> None:
    assert canonical(same) == canonical(PAGE) == "news.example/2026/late?id=7"


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/2026/late?id=8",
        "https://news.example/2026/Late?id=7",
        "https://news.example:8443/2026/late?id=7",
        "https://live.news.example/2026/late?id=7",
        "https://news.example/2026/late?id=7#comment-17",
        "https://news.example/2026%2Flate?id=7",
    ],
)
def test_links_to_different_pages_have_different_addresses(other: str) -> None:
    assert canonical(other) not in {None, canonical(PAGE)}


def test_the_order_of_parameters_and_how_letters_are_written_make_no_difference() -> None:
    assert canonical("https://bücher.example/zürich?b=ü&a=1") == "xn--bcher-kva.example/z%C3%BCrich?a=1&b=%C3%BC"
    assert canonical("https://xn--bcher-kva.example/z%c3%bcrich?a=1&b=%c3%bc") == canonical(
        "https://bücher.example/zürich?b=ü&a=1"
    )


@pytest.mark.parametrize(
    "nowhere",
    [
        "https://news.example",
        "https://www.news.example/?utm_source=x#top",
        "mailto:a@b.example",
        "news.example/late",
        "https://[::1/late",
        "https://news.example:port/late",
        "https:///late",
        "",
        "https://news.example/" + "a" * 2000,
    ],
)
def test_front_pages_and_what_is_no_web_address_have_none(nowhere: str) -> None:
    assert canonical(nowhere) is None
    assert address_digest(nowhere) is None


@given(st.one_of(st.text(), st.text(alphabet="ab/%?&=#.:@[]ü\ud83d4", max_size=40).map("https://h.example/{}".format)))
def test_whatever_strangers_write_is_read_without_an_error_and_its_form_is_final(written: str) -> None:
    page = canonical(written)
    if page is not None:
        assert canonical(f"https://{page}") == page
        assert len(address_digest(written) or "") == 32
