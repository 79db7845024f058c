from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from database.listening import store
from mentions.mention import Mention
from services.installation import Installation
from services.topics import topics_of
from services.understanding import understand
from tests.installations import BRAND, NOON, calm_weeks, installation, outcry, said
from tests.topics.talk import PLACES

DAY = timedelta(days=1)


def hear(inst: Installation, *mentions: Mention) -> None:
    with inst.database.writing() as connection:
        store(connection, "forum", understand(inst, "forum", (), mentions), NOON)


def cancelled() -> list[Mention]:
    told = (f"Awful! Cancelled in {place}, Northwind Air" for place in PLACES)
    return [said(text, NOON - DAY / 8, number=text, author=text) for text in told]


def test_an_outcry_is_told_by_its_words_its_posts_and_what_is_retold(tmp_path: Path) -> None:
    inst = installation(tmp_path)
    reposts = [
        said("Northwind Air grounds its whole fleet today", NOON - DAY / 4, number=f"r{n}", author=f"r{n}")
        for n in range(9)
    ]
    with inst.database:
        hear(inst, *calm_weeks(NOON - DAY), *cancelled(), *reposts)
        told = topics_of(inst, BRAND.id, NOON - DAY, NOON + DAY, NOON - 15 * DAY)
    assert (told.overview.window_total, told.overview.drivers.compared) == (16, True)
    driving = [one.text for one in told.overview.drivers.found]
    assert driving == ["cancelled"]  # not the fleet: that is one story, however many tell it
    assert told.overview.representatives[0].others == 6
    assert (told.retold[0].voices, told.retold[0].mentions) == (9, 9)


def test_the_first_day_says_that_there_is_no_baseline_yet(tmp_path: Path) -> None:
    inst = installation(tmp_path)
    with inst.database:
        hear(inst, *outcry(NOON))
        told = topics_of(inst, BRAND.id, NOON - DAY, NOON + DAY, NOON - 15 * DAY)
        silent = topics_of(inst, BRAND.id, NOON - 9 * DAY, NOON - 8 * DAY, NOON - 15 * DAY)
    assert not told.overview.drivers.compared
    assert told.overview.drivers.found
    assert silent.overview.window_total == 0
    assert (silent.overview.drivers.found, silent.overview.representatives, silent.retold) == ((), (), ())


def test_a_brand_that_is_not_in_the_settings_is_a_key_error(tmp_path: Path) -> None:
    inst = installation(tmp_path)
    with inst.database, pytest.raises(KeyError):
        topics_of(inst, "nobody", NOON - DAY, NOON, NOON - 2 * DAY)
