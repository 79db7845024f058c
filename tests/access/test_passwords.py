from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.passwords import LONGEST, SHORTEST, Weakness, judge, normal

ABOUT = ("Dana Reyes", "dana.reyes@northwind.example", "Northwind Air", "Groundswell")


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("blue kettle on tuesday", None),
        ("a long walk to northwind air", None),  # names are allowed among other words
        ("ünter dem großen Birnbaum", None),
        ("ein Ruderboot 船 im Wind", None),
        ("uTz7#kq!Lm2p", None),
        ("", Weakness.SHORT),
        ("kettle 17!x", Weakness.SHORT),
        ("船" * 11, Weakness.SHORT),
        ("blue kettle " * 84, Weakness.LONG),
        ("Dana.Reyes@Northwind.example", Weakness.NAMED),
        ("NorthwindAir2026", Weakness.NAMED),
        ("northwind-air-!!!", Weakness.NAMED),
        ("danareyesdanareyes", Weakness.NAMED),
        ("passwordpassword", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("qwertyuiop12", Weakness.COMMON),
        ("aaaaaaaaaaaaaaaaaaaa", Weakness.COMMON),
        ("iloveyou2026", Weakness.COMMON),
    ],
)
def test_length_and_rarity_decide_and_nothing_else(password: str, weakness: Weakness | None) -> None:
    found = judge(password, ABOUT)
    assert (found.weakness if found else None) is weakness


def test_every_refusal_says_what_to_do() -> None:
    for password in ("short", "x" * (LONGEST + 1), "Northwind Air 26", "passwordpassword"):
        found = judge(password, ABOUT)
        assert found is not None
        assert found.text.endswith(".")


def test_the_same_letters_composed_otherwise_are_the_same_password() -> None:
    assert normal("Birnba\u0308ume") == normal("Birnb\u00e4ume")


@given(st.text(max_size=LONGEST + 50))
def test_any_text_is_judged_and_what_is_taken_has_a_sane_length(password: str) -> None:
    if judge(password, ABOUT) is None:
        assert SHORTEST <= len(normal(password)) <= LONGEST
