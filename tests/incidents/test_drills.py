from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from detection.signal import Signal
from incidents.drills import drill_brand, is_drill, real_brand
from incidents.incident import Actor
from incidents.severity import assess
from incidents.waves import open_incident
from playbooks.library import load
from settings.rules import Identifier
from tests.database.incident_rows import signal
from tests.installations import NOON

IDS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?", fullmatch=True)


@given(number=st.integers(1, 10**9), brand=IDS)
def test_a_drill_knows_its_real_brand_and_no_real_brand_is_a_drill(number: int, brand: str) -> None:
    rehearsed = drill_brand(number, brand)
    assert (is_drill(rehearsed), real_brand(rehearsed)) == (True, brand)
    assert (is_drill(brand), real_brand(brand)) == (False, brand)


@given(number=st.integers(1, 10**9), brand=IDS)
def test_no_team_can_configure_the_id_of_a_drill(number: int, brand: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Identifier).validate_python(drill_brand(number, brand))


@pytest.mark.parametrize(("brand", "drill"), [("northwind", False), ("drill:7:northwind", True)])
def test_an_incident_of_a_drill_says_that_it_is_one(brand: str, *, drill: bool) -> None:
    raised: Signal = signal(brand=brand)
    opened = open_incident(raised, assess(raised), load("communication-crisis"), Actor("dana", "Dana"), "Air", NOON)
    assert opened.incident.drill is drill
