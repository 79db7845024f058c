"""Every built-in playbook, worked through on a real wave of complaints, from its alarm to its review."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pydantic import SecretStr
from pypdf import PdfReader

from database import incidents as store
from database import responses
from incidents.incident import Change, Incident, Refusal
from incidents.statements import Edit
from playbooks.library import available
from playbooks.playbook import Severity
from playbooks.statements import blanks
from reports.review.markdown import as_markdown
from reports.review.page import as_html
from reports.review.paper import as_pdf
from services import checklists, plans, response, reviews, statements
from services.files.importing import Choices
from services.installation import Installation, install
from services.replay.loading import made_settings
from services.replay.rehearsal import Rehearsal, ReplayedClock
from services.replay.replaying import FilePast, judge
from settings.model import Person, Routing, Settings

# What its tests share is made once.
pytestmark = pytest.mark.xdist_group("real wave")

WAVE = datetime(2015, 2, 22, 3, 0, tzinfo=UTC)
PEOPLE = (
    Person(id="dana", name="Dana Reyes", email="dana@example.com", role="comms lead"),
    Person(id="lee", name="Lee Okafor", email="lee@example.com", role="legal"),
    Person(id="mia", name="Mia Sand", email="mia@example.com", role="executive"),
)
LINK = "https://usairways.example/news/22"


def team(folder: Path, file: Path) -> Settings:
    """Three people who look after the airlines of the file."""
    made, _ = made_settings(file, Choices())
    address = SecretStr(f"sqlite:///{folder / 'wave.db'}")
    changed = {"people": PEOPLE, "routing": Routing(owner="dana"), "database": address, "data_folder": folder}
    return made.model_copy(update=changed)


@pytest.fixture(scope="module")
def wave(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database in which the wave of 22 February has opened an incident."""
    file = recorded / "airline" / "tweets-dev.csv"
    if not file.is_file():
        pytest.skip(f"no recorded complaints at {file}")
    folder = tmp_path_factory.mktemp("wave")
    clock = ReplayedClock(WAVE + timedelta(days=30))  # what is published later than now counts as of now
    inst = install(team(folder, file), clock)
    with inst.database:
        rehearsed = Rehearsal(inst, clock, folder)
        FilePast(file, Choices()).fill(rehearsed, lambda *_: None)
        judge(rehearsed, WAVE, WAVE + timedelta(hours=2, minutes=10), lambda *_: None)
    return folder


@pytest.fixture(params=available())
def lived(request: pytest.FixtureRequest, wave: Path, recorded: Path, tmp_path: Path) -> Iterator[Lived]:
    """The incident, moved to one of the playbooks."""
    shutil.copy(wave / "wave.db", tmp_path / "wave.db")
    clock = ReplayedClock(WAVE + timedelta(hours=2, minutes=10))
    inst = install(team(tmp_path, recorded / "airline" / "tweets-dev.csv"), clock)
    with inst.database:
        with inst.database.reading() as connection:
            (found,) = (one for one in store.every_open(connection) if one.brand == "us-airways")
        yield Lived(inst, clock, found.id or 0, request.param)


class Lived:
    """An incident that a team of three works through."""

    def __init__(self, inst: Installation, clock: ReplayedClock, number: int, playbook: str) -> None:
        self.inst, self.clock, self.number, self.playbook = inst, clock, number, playbook

    @property
    def incident(self) -> Incident:
        with self.inst.database.reading() as connection:
            return store.find(connection, self.number)

    def wait(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)

    def begin(self) -> None:
        """Acknowledge it, and go on by the playbook."""
        done(response.acknowledge(self.inst, self.number, "dana"))
        if self.incident.playbook == self.playbook:
            return
        with self.inst.database.reading() as connection:
            shown = plans.preview(connection, self.inst, self.number, self.playbook)
        assert not isinstance(shown, Refusal)
        done(plans.move(self.inst, self.number, "dana", self.playbook, shown.playbook.version))

    def say(self, key: str) -> None:
        """Draft a statement, fill in what is open, have it read and publish it."""
        done(statements.draft_from(self.inst, self.number, "dana", key))
        with self.inst.database.reading() as connection:
            drafted = responses.statements(connection, self.number)[-1]
        assert "{" not in drafted.text
        assert "None" not in drafted.text
        version = drafted.version
        if blanks(drafted.text):
            assert isinstance(self.publish(drafted.number, version), Refusal), "nothing half-filled goes out"
            filled = re.sub(r"\[[^\]]*\]", "what we know by now", drafted.text)
            done(statements.edit(self.inst, self.number, "dana", Edit(drafted.number, version, filled)))
            version += 1
        done(statements.approve(self.inst, self.number, "lee", drafted.number, version))
        done(self.publish(drafted.number, version))

    def publish(self, number: int, version: int) -> Change | Refusal:
        return statements.publish(self.inst, self.number, "dana", number, version, LINK)

    def work(self) -> None:
        """Do every step that is open, with its proof and the yes that it needs."""
        with self.inst.database.reading() as connection:
            steps = responses.steps(connection, self.number)
        for step in (one for one in steps if one.done_at is None):
            if step.approval:
                done(checklists.approve_step(self.inst, self.number, step.position, approver(step.approval)))
            self.wait(3)
            proof = LINK if step.evidence_asked else ""
            done(checklists.complete_step(self.inst, self.number, step.position, "dana", proof))


def approver(role: str) -> str:
    return next((person.id for person in PEOPLE if person.role == role), "mia")


def done(answer: Change | Refusal) -> Change:
    assert isinstance(answer, Change), answer
    return answer


def test_a_team_works_a_real_wave_through_every_playbook_from_alarm_to_review(lived: Lived) -> None:
    inst = lived.inst
    assert lived.incident.severity in {Severity.SEV2, Severity.SEV3}
    lived.wait(4)
    lived.begin()
    with inst.database.reading() as connection:
        playbook = inst.playbooks.of(connection, lived.incident.playbook, lived.incident.playbook_version)
    assert playbook.id == lived.playbook
    for template in playbook.statements:
        if template.applies.to(lived.incident.severity, lived.incident.category, lived.incident.brand):
            lived.wait(6)
            lived.say(template.key)
    lived.work()
    lived.wait(60)
    done(response.resolve(inst, lived.number, "dana"))
    lived.wait(24 * 60)
    with inst.database.reading() as connection:
        review = reviews.review_of(connection, inst, lived.number)
    assert all(step.done_at for step in review.steps)
    pages = PdfReader(BytesIO(as_pdf(review))).pages
    assert 2 <= len(pages) <= 8
    told = " ".join("".join(page.extract_text() for page in pages).split())
    assert playbook.title in told
    assert "Dana Reyes" in told
    assert playbook.steps[0].title in as_html(review)
    assert "Time to acknowledge" in as_markdown(review)
