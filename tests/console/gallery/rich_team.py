"""A team that has been at work for a while: everything that a page can show is there to be shown.

Incidents: 1 reviewed, 2 dismissed, 3 resolved and to be reviewed, 4 merged into 5, 5 being worked on, 6 nobody has
acknowledged, 7 a drill. Mentions, tips, marks, corrections, statements, tasks and playbooks come by the services that
people and programs use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from pydantic import SecretStr

from access.roles import Role
from database import incidents as store
from database.corrections import Verdict
from incidents.incident import Actor, Change, Refusal
from incidents.proposals import Author, NewSeverity, NewStatement, NewTask, Proposal, StepDone
from incidents.severity import assess
from incidents.statements import Edit
from incidents.waves import open_incident
from mentions.mention import Mention, Rating
from playbooks.library import load
from playbooks.playbook import Severity, StatementKind
from services import checklists, correcting, drilling, marking, proposing, response, reviews, statements
from services.correcting import seen_as
from services.installation import Installation
from services.reporting import Taken, Told, take_report
from settings.model import Brand, Inbound, Person
from tests.console.seeding import fail_source, hear, tick
from tests.console.three_people import MARA
from tests.database.incident_rows import signal
from tests.installations import BRAND, DANA, LEE, HandClock, calm_weeks, installation, outcry, said, source

RIVAL = Brand(id="bluebird", name="Bluebird Airways", phrases=("Bluebird Airways",), competitor=True)
HOTELS = Brand(id="northwind-hotels", name="Northwind Hotels <& Spa>", phrases=("Northwind Hotels",))
VERA = Person(id="vera", name='Vera "V" Holm', email="vera@example.com", role="board", access=Role.VIEWER)
CALLS = Inbound(id="calls", secret=SecretStr("whsec_MDEyMzQ1Njc4OWFiY2RlZg=="), about=("northwind",))
PUBLIC = "We are rebooking everybody at desk 4, and are sorry for the wait. Next word at 13:30."


def rich_team(folder: Path, clock: HandClock) -> Installation:
    """The installation, at noon; its clock stands where everything has happened."""
    own = folder / "playbooks"
    own.mkdir()
    built_in = resources.files("playbooks").joinpath("communication-crisis.yaml").read_text(encoding="utf-8")
    named = built_in.replace("title: Communication crisis", "title: Our night shift", 1)
    (own / "night-shift.yaml").write_text(named, encoding="utf-8")
    (own / "half-done.yaml").write_text("title: Half done\nsteps: []\n", encoding="utf-8")
    inst = installation(
        folder,
        clock,
        brands=(BRAND, HOTELS, RIVAL),
        people=(DANA, LEE, MARA, VERA),
        sources=(
            source("forum", url="http://127.0.0.1/feed"),
            source("north", kind="mastodon", server="http://127.0.0.1", tag="northwind"),
        ),
        inbound=(CALLS,),
        playbook_folder=own,
    )
    noon = clock.now
    hear(inst, [*calm_weeks(noon), *outcry(noon), *_others(noon)])
    fail_source(inst, "north", "The server answered 503 three times.", "Wait, or look at its status page.")
    _yesterdays(inst, clock, noon)
    clock.now = noon
    _todays(inst, clock)
    _judged(inst)
    tick(inst)
    return inst


def _others(noon: datetime) -> Sequence[Mention]:
    """A rival, a second brand, ratings, many followers, a text told again, another language."""
    told = "Northwind Air left 200 people in Oslo without a word, says the morning paper."
    return [
        *(
            said(f"Bluebird Airways was on time again, seat {n}.", noon - n * timedelta(hours=1), number=f"rival-{n}")
            for n in range(24)
        ),
        *(
            said(
                f"Northwind Hotels: a kind desk and a cold room {n}.",
                noon - n * timedelta(hours=3),
                number=f"hotel-{n}",
                rating=Rating(1 + n % 5, 1, 5),
            )
            for n in range(12)
        ),
        *(said(told, noon - n * timedelta(minutes=4), number=f"told-{n}", author=f"paper-{n}") for n in range(6)),
        said("Northwind Air stranded us. Refund!", noon, number="loud", author="aviation desk", followers=1_240_000),
        said("Northwind Air: der Flug war pünktlich, alles in Ordnung.", noon, number="german", language="de"),
    ]


def _yesterdays(inst: Installation, clock: HandClock, noon: datetime) -> None:
    """Incidents that are over."""
    clock.now = noon - timedelta(days=9)
    first = _opened(inst, "negative_wave")
    _work(inst, clock, first, noon.replace(month=4))
    clock.now = noon - timedelta(days=3)
    _done(response.dismiss(inst, _opened(inst, "repost_wave"), "dana", "A joke that was passed on."))
    third = _opened(inst, "critical_words")
    clock.advance(minutes=6)
    _done(response.acknowledge(inst, third, "lee"))
    clock.advance(minutes=50)
    _done(response.resolve(inst, third, "lee"))


def _work(inst: Installation, clock: HandClock, number: int, due: datetime) -> None:
    """The whole way, from the alarm to the review."""
    clock.advance(minutes=4)
    _done(response.acknowledge(inst, number, "dana"))
    _publish(inst, clock, number)
    for position in range(1, 9):
        clock.advance(minutes=3)
        checklists.approve_step(inst, number, position, "mara")
        checklists.complete_step(inst, number, position, "dana", evidence="https://northwind.example/news/1")
    clock.advance(minutes=40)
    _done(response.resolve(inst, number, "dana"))
    clock.advance(hours=20)
    texts = {
        "summary": "Two aircraft were grounded and nobody answered the phone.",
        "process": "Nobody answers at night.",
        "changes": "One does.",
    }
    actions = f"Answer the phone at night | Lee Okafor | {due:%Y-%m-%d}"
    _done(reviews.write(inst, number, "dana", {**texts, "actions": actions}, 0))
    _done(reviews.finish(inst, number, "lee"))


def _publish(inst: Installation, clock: HandClock, number: int) -> None:
    """A statement that two have read is out."""
    _done(statements.draft_from(inst, number, "dana", "holding"))
    _done(statements.edit(inst, number, "dana", Edit(1, 1, PUBLIC)))
    clock.advance(minutes=5)
    _done(statements.approve(inst, number, "lee", 1, 2))
    promised = inst.clock() + timedelta(minutes=60)
    _done(statements.publish(inst, number, "dana", 1, 2, "https://northwind.example/news/1", promised))


def _todays(inst: Installation, clock: HandClock) -> None:
    """Incidents that somebody has to do something about."""
    clock.advance(minutes=-40)
    fourth, fifth = _opened(inst, "loud_voice"), _opened(inst, "negative_wave")
    clock.advance(minutes=5)
    _done(response.acknowledge(inst, fifth, "dana"))
    _done(response.merge(inst, fourth, "dana", fifth))
    _done(response.change_severity(inst, fifth, "dana", Severity.SEV1, "A child is hurt."))
    _done(checklists.complete_step(inst, fifth, 1, "dana"))
    _done(checklists.complete_step(inst, fifth, 2, "dana"))
    _publish(inst, clock, fifth)
    _done(statements.draft_from(inst, fifth, "lee", "update"))
    _done(checklists.add_task(inst, fifth, "dana", "Call the ground crew in Oslo", "lee", clock.now))
    _done(checklists.add_task(inst, fifth, "dana", "Tell the partners", None, None))
    _done(checklists.complete_task(inst, fifth, 2, "lee"))
    note = _done(response.add_note(inst, fifth, "lee", "Gate 14 is closed."))
    _done(response.correct(inst, fifth, "dana", _row(inst, fifth, note.event.text), "Gate 41 is closed."))
    clock.advance(minutes=20)
    _done(statements.brief(inst, fifth, "dana", "The crew is at the gate.", clock.now + timedelta(minutes=30)))
    _done(response.follow(inst, fifth, "dana", "mara"))
    _done(response.hand_over(inst, fifth, "dana", "lee"))
    _proposed(inst, fifth)
    clock.advance(minutes=10)
    told = Told("A reporter asks about a sick child at gate 12.", "northwind-hotels", "The gate desk", taken_by="lee")
    assert isinstance(take_report(inst, told), Taken)
    drilling.start(inst, "northwind", "service-failure", "dana")
    clock.advance(minutes=2)


def _proposed(inst: Installation, number: int) -> None:
    """What a program proposes, more than is shown in full."""
    program = Author("Desk assistant", "lee")
    for what in (
        NewStatement(StatementKind.UPDATE, "We rebook everybody today.\nWe say more at [TIME].", "At noon"),
        NewSeverity(Severity.SEV2),
        StepDone("pause-scheduled", "https://intranet.example/1"),
        NewTask("Ask the airport for water", "lee", 1),
    ):
        assert isinstance(proposing.propose(inst, number, program, what, "Two posts speak of it."), Proposal)


def _judged(inst: Installation) -> None:
    """Marks, and what people say of mentions."""
    for number, verdict in ((1, Verdict.POSITIVE), (2, Verdict.WRONG_MATCH), (3, Verdict.NOT_ABOUT_US)):
        correcting.correct(inst, (number, "northwind"), verdict, "dana", seen_as(None, None))
    missed = marking.mark_missed(inst, "northwind", inst.clock() - timedelta(hours=30), "dana", "The strike in Oslo.")
    assert not isinstance(missed, Refusal)


def _opened(inst: Installation, kind: str) -> int:
    """An incident as listening opens it now; its number."""
    now = inst.clock()
    raised = replace(signal(kind), at=now, since=now - timedelta(minutes=20), loudest_share=0.08)
    book = load("communication-crisis")
    opening = open_incident(raised, assess(raised), book, Actor("dana", "Dana Reyes"), "Northwind Air", now)
    with inst.database.writing() as connection:
        number = store.add(connection, opening)
        store.record_signal(connection, raised, number, opened=True, told=True)
    return number


def _row(inst: Installation, number: int, text: str) -> int:
    with inst.database.reading() as connection:
        return next(one.id or 0 for one in store.timeline(connection, number) if one.text == text)


def _done(answer: Change | Refusal) -> Change:
    assert isinstance(answer, Change), answer
    return answer
