from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings.loading import load_text
from settings.model import Settings
from settings.starter import PASSWORD, Answers, slug, write

HOSTILE = [
    'He said "no": yes',
    "it's # a comment",
    "{[*&!|>%@`",
    "- dash: colon",
    "Ünïcode 名前 \U0001f600",
    "two\nlines\r\nof\ttext",
    "${HOME} and $${HOME}",
    "no",
    "2024",
    "{brand}{0}",
    "\u2028\u0085 edges \ufeff",
]
NAMES = st.sampled_from(HOSTILE) | st.text(min_size=1).filter(lambda text: any(c.isalnum() for c in text))


def reread(answers: Answers) -> Settings:
    return load_text(write(answers), Path("/etc/groundswell.yaml"), {PASSWORD: "x"})


@settings(max_examples=100, deadline=None)
@given(brand=NAMES, owner=NAMES, phrases=st.lists(NAMES, max_size=3), user=NAMES, folder=NAMES)
def test_whatever_is_answered_is_written_so_that_it_loads(
    brand: str, owner: str, phrases: list[str], user: str, folder: str
) -> None:
    team = {"brand": brand, "owner_name": owner, "owner_email": "ana@example.com", "phrases": tuple(phrases)}
    for mail in ({"smtp_host": "mail.example.com", "smtp_user": user}, {"mail_folder": folder}):
        read = reread(Answers(**team, **mail))  # type: ignore[arg-type]
        assert len(read.brands[0].phrases) == max(len(phrases), 1)
        assert read.routing.owner == read.people[0].id


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_keeps_its_characters_but_for_line_breaks(name: str) -> None:
    read = reread(Answers(brand=name, owner_name="Ana", owner_email="ana@example.com"))
    assert read.brands[0].name.split() == name.split()


def test_feeds_get_ids_of_their_own() -> None:
    feeds = ("https://www.example.com/a", "https://example.com/b", "https://blog.example.org/feed?x=${Y}&z='\"")
    read = reread(Answers(brand="A", owner_name="Ana", owner_email="ana@example.com", feeds=feeds))
    assert [source.id for source in read.sources] == ["example-com", "example-com-2", "blog-example-org"]
    assert [source.options.model_dump()["url"] for source in read.sources] == list(feeds)


def test_without_feeds_the_news_are_searched_for_the_brand() -> None:
    read = reread(Answers(brand="A", owner_name="Ana", owner_email="ana@example.com", phrases=("B & C",)))
    assert [source.kind for source in read.sources] == ["google_news"]
    assert read.brands[0].phrases == ("B & C",)


@pytest.mark.parametrize(("port", "security"), [(587, "starttls"), (465, "tls")])
def test_the_mail_servers_port_decides_how_it_is_spoken_to(port: int, security: str) -> None:
    answers = Answers(brand="A", owner_name="Ana", owner_email="ana@example.com", smtp_host="h", smtp_port=port)
    assert reread(answers).mail.options.model_dump()["security"] == security


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("Northwind Air", "northwind-air"),
        ("Crème Brûlée!", "creme-brulee"),
        ("名前", "brand"),
        ("--", "brand"),
        ("NULL", "brand"),
    ],
)
def test_an_id_is_made_of_a_name(name: str, identity: str) -> None:
    assert slug(name, "brand") == identity
