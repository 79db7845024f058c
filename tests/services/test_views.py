"""Saved views: whose they are, what they are called, how many there may be, and what is new in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from database.views import View, looks_of, newest_mention, stored_after, views_for
from incidents.incident import Refusal
from services.installation import Installation
from services.views import LONGEST, MOST, Named, change, look, named, remove, save
from tests.console.seeding import hear
from tests.installations import NOON, HandClock, installation, said

QUERY = "tone=negative&range=24h"


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    return installation(tmp_path, HandClock(), database=SecretStr(database_address))


def kept(inst: Installation, name: str = "Refunds", person: str = "dana", *, shared: bool = False) -> View:
    view = save(inst, person, name, QUERY, shared=shared)
    assert isinstance(view, View)
    return view


def seen(inst: Installation, person: str) -> list[str]:
    with inst.database.reading() as connection:
        return [view.name for view in views_for(connection, person)]


def refused(done: View | Refusal) -> str:
    assert isinstance(done, Refusal)
    return done.text


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Refund \n complaints,\tlast 24 h ", "Refund complaints, last 24 h"),
        ("\u202eevil\u200b\x00 name\ud800", "evil name"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("ﬁne", "fine"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(typed: str, name: str) -> None:
    assert named(typed) == Named(name, name.casefold())


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "A view needs a name."),
        (" \u200b\u202e\n", "A view needs a name."),
        ("x" * 5_000, "A name has at most 60 characters; this one has 5,000."),
    ],
)
def test_a_name_that_is_none_is_refused(typed: str, why: str) -> None:
    assert named(typed) == Refusal(why)


@given(st.text())
def test_a_name_that_is_kept_is_kept_again_as_it_is(typed: str) -> None:
    name = named(typed)
    if isinstance(name, Named):
        assert named(name.name) == name
        assert name.name.isprintable()


def test_views_are_ones_own_until_they_are_shared(inst: Installation) -> None:
    view = kept(inst)
    kept(inst, "All", "lee", shared=True)
    assert (seen(inst, "dana"), seen(inst, "lee"), seen(inst, "")) == (["Refunds", "All"], ["All"], ["All"])
    assert isinstance(change(inst, view.id, "dana", "Refunds", shared=True), View)
    assert seen(inst, "lee") == ["All", "Refunds"]
    assert isinstance(change(inst, view.id, "dana", "Money back", shared=False), View)
    assert (seen(inst, "dana"), seen(inst, "lee")) == (["Money back", "All"], ["All"])


def test_one_person_has_no_two_views_of_a_name_and_two_people_may(inst: Installation) -> None:
    kept(inst)
    other = kept(inst, "Other")
    clash = "You have a view “REFUNDS” already. Choose another name, or delete that one first."
    assert refused(save(inst, "dana", "REFUNDS", "", shared=False)) == clash
    assert refused(change(inst, other.id, "dana", "REFUNDS", shared=False)) == clash
    assert isinstance(change(inst, other.id, "dana", "OTHER", shared=False), View)
    kept(inst, "Refunds", "lee")
    assert seen(inst, "dana") == ["OTHER", "Refunds"]


def test_a_person_has_so_many_views_and_others_have_theirs(inst: Installation) -> None:
    for number in range(MOST):
        kept(inst, f"View {number}")
    assert refused(save(inst, "dana", "One more", "", shared=False)).startswith("You have 50 views")
    kept(inst, "One more", "lee")


def test_nobody_changes_or_deletes_what_is_not_theirs(inst: Installation) -> None:
    own, shared = kept(inst), kept(inst, "All", shared=True)
    for view in (own, shared):
        assert refused(change(inst, view.id, "lee", "Mine", shared=False)).startswith("There is no such view")
    assert refused(remove(inst, own.id, "lee", may_any=True)).startswith("There is no such view")
    assert refused(remove(inst, shared.id, "lee", may_any=False)).startswith("Dana Reyes made this view")
    assert remove(inst, shared.id, "lee", may_any=True) == shared
    assert remove(inst, own.id, "dana", may_any=False) == own
    assert refused(remove(inst, own.id, "dana", may_any=True)).startswith("There is no such view")
    assert seen(inst, "dana") == []


def test_whoever_opens_a_view_has_seen_what_was_stored_until_then(inst: Installation) -> None:
    view = kept(inst, shared=True)
    hear(inst, [said("Northwind Air", NOON, number=number) for number in range(3)])
    assert look(inst, view.id, "lee") == view
    with inst.database.reading() as connection:
        newest = newest_mention(connection)
        assert (looks_of(connection, "dana"), looks_of(connection, "lee")) == ({view.id: 0}, {view.id: newest})
        assert stored_after(connection, 0, 2) == (newest, newest - 1)
        assert stored_after(connection, newest, 2) == ()
    assert look(inst, view.id, "") == view
    private = kept(inst, "Own")
    assert look(inst, private.id, "lee") is None
    assert look(inst, 99, "dana") is None
    remove(inst, view.id, "dana", may_any=False)
    with inst.database.reading() as connection:
        assert looks_of(connection, "lee") == {}
