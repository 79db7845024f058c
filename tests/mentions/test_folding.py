from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.folding import fold, spell


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ACME Air", "acme air"),
        ("Straße", "strasse"),
        ("\uff21\uff43\uff4d\uff45", "acme"),
        ("Zoe\u0308\u2019s", "zo\u00eb's"),
        ("Ac\u00adm\u200be", "acme"),
        ("Acme\u2122", "acme"),
        ("\u200eAcme\u202c", "acme"),
        ("\u2764\ufe0f", "\u2764"),
    ],
)
def test_texts_that_look_the_same_fold_to_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_comes_to_the_same_as_the_long_one(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    assert spell(text) == text


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(spell(text)) == fold(text)
