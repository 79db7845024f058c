from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, update

from database.listening import store
from database.session import Database
from database.tables import BucketRow, MentionRow, TagRow
from services import tagging
from services.installation import Installation, install
from services.tagging import Retagged, retag
from services.understanding import understand
from settings.model import Brand
from settings.understanding import Topics
from tests.installations import BRAND, NOON, HandClock, installation, said, settings
from topics import critical

OTHER = Brand(id="bluebird", name="Bluebird", phrases=("Bluebird",))
REGIONS = Topics(tags={"region": {"north": "Oslo", "south": "Rome", "survey": "source:nps"}})


@pytest.fixture
def before(tmp_path: Path, database_address: str) -> Installation:
    """Mentions of two brands, heard when there were no tags of the team's own."""
    inst = installation(tmp_path, brands=(BRAND, OTHER), database=SecretStr(database_address))
    mentions = [
        said("Northwind Air and Bluebird in Oslo: the site is down", NOON - timedelta(days=40), number=1),
        said("Northwind Air to Rome, lovely", NOON - timedelta(days=2), number=2),
        said("Northwind Air, nowhere", NOON, number=3),
    ]
    with inst.database.writing() as connection:
        store(connection, "nps", understand(inst, "nps", (), mentions), NOON)
    return inst


def with_rules(inst: Installation, topics: Topics) -> Installation:
    """The same database under other settings."""
    return install(inst.settings.model_copy(update={"topics": topics}), HandClock())


def tags(inst: Installation) -> set[tuple[str, str, str]]:
    """Digits of the mention's key, brand and name of every tag that is no crisis category."""
    query = select(MentionRow.key, TagRow.brand, TagRow.name).where(MentionRow.id == TagRow.mention_id)
    with inst.database.reading() as connection:
        found = connection.execute(query.where(TagRow.kind != "category"))
        return {(key[-1], brand, name) for key, brand, name in found}


def test_mentions_of_every_brand_get_the_tags_of_today(before: Installation) -> None:
    after = with_rules(before, REGIONS)
    assert retag(after) == Retagged(read=4, changed=4)
    assert tags(after) == {
        ("1", "northwind", "north"), ("1", "bluebird", "north"), ("2", "northwind", "south"),
        *((number, "northwind", "survey") for number in "123"), ("1", "bluebird", "survey"),
    }  # fmt: skip


def test_doing_it_again_changes_nothing_and_dropped_rules_leave_no_tags(before: Installation) -> None:
    after = with_rules(before, REGIONS)
    retag(after)
    assert retag(after) == Retagged(read=4, changed=0)
    assert retag(with_rules(before, Topics(categories={"outage": ""}))) == Retagged(read=4, changed=4)
    with before.database.reading() as connection:
        assert connection.execute(select(TagRow.name)).scalars().all() == []


def test_what_was_published_before_is_left_as_it_is(before: Installation) -> None:
    after = with_rules(before, REGIONS)
    assert retag(after, NOON - timedelta(days=30)).read == 2
    assert {number for number, _, _ in tags(after)} == {"2", "3"}


def test_what_was_erased_keeps_its_tags(before: Installation) -> None:
    after = with_rules(before, REGIONS)
    retag(after)
    known = tags(after)
    with before.database.writing() as connection:
        connection.execute(update(MentionRow).values(title="", text="", erased_at=NOON))
    assert retag(with_rules(before, Topics())).changed == 0
    assert tags(after) == known


def test_each_batch_is_kept_whatever_ends_it_early(before: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "AT_ONCE", 1)

    def ended(done: Retagged) -> None:
        if done.read == 2:
            raise KeyboardInterrupt

    after = with_rules(before, REGIONS)
    with pytest.raises(KeyboardInterrupt):
        retag(after, progress=ended)
    assert {number for number, _, _ in tags(after)} == {"1", "2"}
    assert retag(after) == Retagged(read=4, changed=2)


def test_what_was_stored_before_there_were_critical_words_is_brought_up_to_date_with_its_buckets(
    tmp_path: Path, database_address: str
) -> None:
    none = Topics(critical={group.id: "" for group in critical.built_in()})
    before = installation(tmp_path, topics=none, brands=(BRAND, OTHER), database=SecretStr(database_address))
    mentions = [
        said("A fire broke out on board of Northwind Air. Bluebird is not affected", NOON, number=1),
        said("Northwind Air, Northwind Air", NOON, number=2),
    ]
    with before.database.writing() as connection:
        store(connection, "nps", understand(before, "nps", (), mentions), NOON)
    assert critical_counts(before) == {"northwind": 0, "bluebird": 0}
    after = with_rules(before, Topics())
    assert retag(after) == Retagged(read=3, changed=1)
    assert critical_counts(after) == {"northwind": 1, "bluebird": 0}
    assert tags(after) == {("1", "northwind", "fire")}
    assert retag(with_rules(before, none)).changed == 1
    assert critical_counts(after) == {"northwind": 0, "bluebird": 0}


def critical_counts(inst: Installation) -> dict[str, int]:
    """Mentions with critical words near the brand, as the buckets have them."""
    query = select(BucketRow.brand, func.sum(BucketRow.critical)).group_by(BucketRow.brand)
    with inst.database.reading() as connection:
        return {brand: count for brand, count in connection.execute(query)}  # noqa: C416  # rows are no pairs to mypy


def test_a_database_without_mentions_has_nothing_to_tag(tmp_path: Path) -> None:
    with Database(settings(tmp_path).database.get_secret_value()):
        assert retag(installation(tmp_path)) == Retagged()
