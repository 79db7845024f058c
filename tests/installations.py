"""Small installations for tests: settings built in code, a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from alerts.contract import load as load_channel
from detection.buckets import BUCKET
from mentions.mention import Mention, date_mention
from services.installation import Installation, install
from settings.model import Brand, Console, Mail, Person, Routing, Settings, SignIn, Source
from sources.contract import load as load_source
from tests.databases import lay_tables

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BRAND = Brand(id="northwind", name="Northwind Air", phrases=("Northwind Air", "@northwindair"))
DANA = Person(id="dana", name="Dana Reyes", email="dana@example.com", role="marketing lead")
LEE = Person(id="lee", name="Lee Okafor", email="lee@example.com", role="comms lead")


@dataclass
class HandClock:
    """A clock that shows what it was set to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move on by a duration as of timedelta."""
        self.now += timedelta(**duration)
        return self.now


def source(source_id: str = "forum", kind: str = "rss", **given: Any) -> Source:
    """A source on this machine; what is not a common setting goes to the kind's options."""
    common = {name: given.pop(name) for name in ("every", "about", "internal") if name in given}
    options = load_source(kind).Options.model_validate(given)
    return Source(id=source_id, kind=kind, options=options, **{"internal": True, **common})


def settings(folder: Path, **changed: Any) -> Settings:
    """Settings of one brand and two people whose mails become files in ``folder/outbox``."""
    channel = load_channel("file").Options.model_validate({"folder": folder / "outbox"})
    values: dict[str, Any] = {
        "path": folder / "groundswell.yaml",
        "brands": (BRAND,),
        "sources": (),
        "people": (DANA, LEE),
        "routing": Routing(owner="dana", notify=("lee",)),
        "mail": Mail(transport="file", sender="Groundswell <alerts@example.com>", options=channel),
        "console": Console(sign_in=SignIn.NONE),
        "data_folder": folder,
        "database": SecretStr(f"sqlite:///{folder / 'groundswell.db'}"),
    }
    return Settings(**{**values, **changed})


def installation(folder: Path, clock: HandClock | None = None, **changed: Any) -> Installation:
    """An installation with its own database, at noon unless a clock says otherwise."""
    return installed(settings(folder, **changed), clock or HandClock())


def installed(wanted: Settings, clock: HandClock) -> Installation:
    """An installation of settings; a database in a new file has its tables already."""
    lay_tables(wanted.database.get_secret_value())
    return install(wanted, clock)


def said(text: str, at: datetime, *, number: int | str, author: str | None = "someone", **given: Any) -> Mention:
    """A mention with a key made of its number."""
    return Mention(
        key=f"test:{number}",
        title="",
        text=text,
        published=date_mention(at, at),
        author=author,
        url=f"https://example.com/{number}",
        **given,
    )


def calm_weeks(until: datetime, *, days: int = 15, every: timedelta = 6 * BUCKET) -> Sequence[Mention]:
    """Ordinary talk: a mention about the brand every half hour, every eighth one a complaint, by changing authors."""
    start, count = until - timedelta(days=days), int(timedelta(days=days) / every)
    words = ("Flew with Northwind Air today.", "My bag is lost, this is terrible, Northwind Air.")
    return [
        said(words[n % 8 == 0], start + n * every, number=f"calm-{n}", author=f"regular-{n % 97}") for n in range(count)
    ]


def _own_words(number: int) -> str:
    """So many words that nobody else says that it is no copy of another text."""
    things = "bridge window carpet tunnel coffee jacket pencil garden island basket mirror kettle ladder button"
    return " ".join(f"{thing}{number}" for thing in things.split())


def outcry(until: datetime, *, people: int = 40, minutes: int = 20) -> Sequence[Mention]:
    """Many people complain within minutes, each with a story of their own."""
    step = timedelta(minutes=minutes) / people
    return [
        said(
            f"Cancelled again and nobody answers, Northwind Air, this is awful. Hour {n} of waiting: {_own_words(n)}.",
            until - n * step,
            number=f"outcry-{n}",
            author=f"stranded-{n}",
        )
        for n in range(people)
    ]
