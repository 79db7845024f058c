"""One installation of Groundswell: its settings, its database, its clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from database.migrating import migrate
from database.session import Database
from incidents.drills import real_brand
from mentions.matching import BrandMatcher
from mentions.nearby import Nearby
from mentions.query.terms import Query
from sentiment.scorer import Scorer
from services.scorers import scorers
from services.shelf import Playbooks
from settings.loading import load
from settings.model import Brand, Settings
from sources.network.pacing import Pacing
from topics.rules import Rules, rules_of

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Installation:
    """What every service works on.

    Attributes:
        clock: tells the time; tests and replays bring their own.
        wanted: by brand id, what a mention of the brand holds.
        matcher: knows what every brand is found by.
        scorers: by brand id, because a brand's own words carry no feeling for that brand.
        rules: say what else a mention is about.
        pacing: whose turn it is to ask a host, over all sources.
        rng: spreads what would otherwise happen all at once.
        playbooks: the plans that incidents follow.
    """

    settings: Settings
    database: Database
    clock: Clock
    wanted: Mapping[str, Query]
    matcher: BrandMatcher
    scorers: Mapping[str, Scorer]
    rules: Rules
    pacing: Pacing
    rng: random.Random
    playbooks: Playbooks

    def brand(self, brand_id: str) -> Brand:
        """The brand with an id.

        Raises:
            KeyError: it is not in the settings (any more).
        """
        return {brand.id: brand for brand in self.settings.brands}[brand_id]

    def name_of_brand(self, brand_id: str) -> str:
        """The name of a brand, of a drill's the real one's; the id of one that has left the settings."""
        wanted = real_brand(brand_id)
        return next((brand.name for brand in self.settings.brands if brand.id == wanted), wanted)

    def name_of(self, person_id: str) -> str:
        """The name of a person, or the id of somebody who has left the settings."""
        return self.names.get(person_id, person_id)

    @property
    def names(self) -> Mapping[str, str]:
        """Names of all people by their ids."""
        return {person.id: person.name for person in self.settings.people}


def install(settings: Settings, clock: Clock = system_clock) -> Installation:
    """Open an installation and bring its database up to date.

    Raises:
        DatabaseError: the database cannot be opened.
        PackError: a pack of words cannot be read.
    """
    database = Database(settings.database.get_secret_value())
    migrate(database)
    wanted = {brand.id: brand.wanted for brand in settings.brands}
    return Installation(
        settings,
        database,
        clock,
        wanted,
        BrandMatcher(wanted),
        scorers(settings),
        _rules(settings),
        Pacing(clock),
        random.Random(),  # noqa: S311  # moments of visits, not secrets
        Playbooks(settings.playbook_folder),
    )


def _rules(settings: Settings) -> Rules:
    topics = settings.topics
    nearby = Nearby({brand.id: brand.named for brand in settings.brands})
    return rules_of(topics.categories, topics.tags, topics.critical, nearby)


def open_installation(path: Path, environ: Mapping[str, str], clock: Clock = system_clock) -> Installation:
    """Read the settings and open their installation.

    Raises:
        SettingsError: the settings are wrong.
        DatabaseError: the database cannot be opened.
    """
    return install(load(path, environ), clock)
