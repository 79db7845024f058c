"""Whoever asks for what is real gets the same answer with a drill running as without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from console.app import create_app
from database import incidents, reading
from database.erasing import naming
from database.marks import all_marks
from database.reading_mentions import Wanted, heard_from, list_mentions, told_alike
from database.reading_signals import Asked, list_decisions, tally
from database.said import said_between
from database.stories import stories_between, story_count
from database.tables import MentionRow, TickRow
from incidents.incident import Refusal
from services import drilling, marking
from services.evaluating import evaluate
from services.examples import of_corrections
from services.files.exporting import Format, export
from services.forgetting import ForgettingError, Request, look_up
from services.installation import Installation
from services.picturing import brand_chart
from services.replay.replaying import TeamPast, replay
from services.reporting import Declined, Told, take_report
from services.source_reports import source_reports
from services.tagging import retag
from services.ticking import tick
from services.topics import topics_of
from services.voices import voices_of
from tests.console.seeding import hear
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry, said, source

# What they share is made once.
pytestmark = pytest.mark.xdist_group("drills apart")
DAY = timedelta(days=1)
WEEKS = timedelta(weeks=3)
SOURCES = (source("forum", url="http://127.0.0.1/feed"),)
CRISIS = ("northwind", "rumour", "lee")


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """An author of the first drill, and what they say in it."""
    with (other := installation(tmp_path_factory.mktemp("other"))).database:
        drilling.start(other, *CRISIS)
        with other.database.reading() as connection:
            last = select(MentionRow.author, MentionRow.text).order_by(MentionRow.published_at.desc()).limit(1)
            author, text = connection.execute(last).one()
            return str(author), str(text)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory, made_up: tuple[str, str]) -> Path:
    """What a fortnight left behind, and an open incident; somebody real writes as somebody in the drill does."""
    (author, text), folder = made_up, tmp_path_factory.mktemp("past")
    with (made := installation(folder, sources=SOURCES)).database:
        hear(made, calm_weeks(NOON))
        hear(made, [said(text, NOON - timedelta(minutes=9), number=number, author=author) for number in (1, 2)])
        hear(made, outcry(NOON))
        retag(made)
        evaluate(made)
    return folder


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock, past: Path) -> Iterator[Installation]:
    copytree(past, tmp_path, dirs_exist_ok=True)
    with (made := installation(tmp_path, clock, sources=SOURCES)).database:
        yield made


@pytest.fixture(scope="module")
def answers(past: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every reader answers before a drill, and with one running."""
    folder = copytree(past, tmp_path_factory.mktemp("answers"), dirs_exist_ok=True)
    with (made := installation(folder, sources=SOURCES)).database:
        before = {name: read(made) for name, read in READERS.items()}
        assert drilling.start(made, *CRISIS).incident
        return before, {name: read(made) for name, read in READERS.items()}


Reader = Callable[[Installation], Any]


def reads(read: Callable[..., Any]) -> Reader:
    """A reader of the database alone."""

    def answer(inst: Installation) -> Any:
        with inst.database.reading() as connection:
            return read(connection)

    return answer


def page(path: str, part: str = "") -> Reader:
    """What a page says, or a section of it; the word by which it notices changes is left out."""

    def answer(inst: Installation) -> Any:
        client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")
        found = client.get(path)
        assert found.status_code == HTTPStatus.OK, path
        text = re.sub(r'data-pulse="[^"]*"', "", found.text)
        return text.partition(f'data-live="{part}"')[2].partition("</section>")[0] if part else text

    return answer


def replayed(inst: Installation) -> Any:
    done = replay(inst.settings, TeamPast(inst.database, NOON - DAY, NOON), lambda *_: None)
    return done.walked.alarms, done.walked.incidents, done.buckets


def forgettable(inst: Installation) -> Any:
    """What would be forgotten of somebody real who is called like somebody in the drill."""
    with inst.database.reading() as connection:
        asked = select(MentionRow.author).where(MentionRow.key == "test:1")
        author = str(connection.execute(asked).scalar_one())
    try:
        return look_up(inst, Request(author))
    except ForgettingError as error:  # several are called so
        return str(error)


def written_out(inst: Installation, form: Format) -> str:
    return "".join(export(inst, Wanted(tuple(one.id for one in inst.settings.brands)), form))


MENTIONS = Wanted(("northwind",))
READERS: dict[str, Reader] = {
    "home: brands": page("/", "brands"),
    "home: figures of the last day": reads(lambda c: reading.brand_days(c, NOON)["northwind"]),
    "page of the brand": page("/brands/northwind?range=7d"),
    "page of mentions": page("/mentions"),
    "mentions as CSV": page("/mentions.csv"),
    "page of corrections": page("/mentions/corrections"),
    "page of decisions": page("/signals"),
    "page of sources": page("/sources"),
    "page to report something": page("/tip"),
    "list of decisions": reads(lambda c: list_decisions(c, Asked(), None, 1_000)),
    "tally of decisions": reads(lambda c: tally(c, Asked())),
    "marks, by which tuning fits": reads(lambda c: all_marks(c, None, None)),
    "sources that were heard": reads(heard_from),
    "stories": reads(
        lambda c: (stories_between(c, "northwind", NOON - WEEKS, NOON, 50), story_count(c, "northwind", NOON - WEEKS))
    ),
    "how often a post was told": reads(lambda c: told_alike(c, list_mentions(c, MENTIONS, None, 200))),
    "open incidents of the brand": reads(lambda c: incidents.all_open(c, "northwind")),
    "what detectors look at": reads(lambda c: said_between(c, "northwind", NOON - WEEKS, NOON)),
    "chart": lambda inst: brand_chart(inst, "northwind", NOON - WEEKS, NOON),
    "topics": lambda inst: topics_of(inst, "northwind", NOON - DAY, NOON, NOON - WEEKS),
    "voices": lambda inst: voices_of(inst, "northwind", NOON - WEEKS, NOON),
    "source reports": lambda inst: reads(lambda c: source_reports(c, inst))(inst),
    "export": lambda inst: written_out(inst, Format.JSONL),
    "what is learned from": lambda inst: of_corrections(inst, ["northwind"]),
    "replay of the team's past": replayed,
    "tagging again": retag,
    "whom to forget": forgettable,
    "posts that name an account": reads(lambda c: naming(c, "northwindair")),
    "evaluation": evaluate,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_drill_changes_no_answer(answers: tuple[dict[str, Any], dict[str, Any]], reader: str) -> None:
    before, after = answers
    assert after[reader] == before[reader]


def test_a_drill_is_in_the_list_of_incidents_and_on_home_marked_as_one(inst: Installation) -> None:
    assert 'class="drill"' not in page("/incidents")(inst) + page("/")(inst)
    drilling.start(inst, *CRISIS)
    assert page("/incidents", "open")(inst).count('<span class="drill">Drill</span>') == 1
    assert page("/", "now")(inst).count('<span class="drill">Drill</span>') == 1
    number = drilling.report_on(inst, 1).incident
    assert number
    assert '<span class="drill">Drill</span>' in page(f"/incidents/{number.id}")(inst)
    drilling.stop(inst, 1, "lee")
    assert page("/incidents", "resolved")(inst).count('<span class="drill">Drill</span>') == 1


def test_a_tick_counts_nothing_of_a_drill(inst: Installation, clock: HandClock) -> None:
    drilling.start(inst, *CRISIS)
    clock.advance(minutes=1)
    real = tick(inst).fired  # the real wave goes on
    with inst.database.reading() as connection:
        row = connection.execute(select(TickRow.collected, TickRow.fired)).one()
    assert {one.signal.brand for one in real} == {"northwind"}
    assert tuple(row) == (0, len(real))


def test_nobody_can_mark_what_was_decided_in_a_drill(inst: Installation) -> None:
    opened = drilling.start(inst, *CRISIS).incident
    assert opened
    with inst.database.reading() as connection:
        decided = incidents.last_signal(connection, opened.brand, opened.kind)
    assert decided
    assert isinstance(marking.mark_noise(inst, decided.id, "dana"), Refusal)
    assert isinstance(marking.mark_missed(inst, opened.brand, NOON, "dana"), Refusal)


def test_what_really_happened_is_not_reported_into_a_drill(inst: Installation) -> None:
    opened = drilling.start(inst, *CRISIS).incident
    assert opened
    told = Told(
        words="A lorry burns.", brand="", said_by="", url="", taken_by="dana", severity=None, incident=opened.id
    )
    declined = take_report(inst, told)
    assert isinstance(declined, Declined)
    assert "is a drill" in declined.text
