"""``groundswell demo``: a rehearsal of the whole path, from strangers who complain to a checklist and a mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import signal as on_signal
from tempfile import TemporaryDirectory

import click
import requests
from sqlalchemy import Row, func, select

from cli.endings import ENDINGS, end
from cli.output import counted
from cli.rehearsal.stage import TICK, Stage, build
from cli.rehearsal.story import StageError, Teller, due_in
from database import incidents as store
from database import responses
from database.response_tables import IncidentRow
from database.tables import BrandMentionRow, SignalRow, TickRow
from detection.signal import Verdict
from incidents.incident import Incident
from simulation.mailbox import Received
from simulation.post import NORTHWIND_AIR
from simulation.traffic import crisis

# Complaints pile up for this long before the system next looks: it listens every few minutes in life, too.
UNHEARD = timedelta(minutes=8)
PER_MINUTE = 14.0
# A mail must be with the mail server within one tick and this after the evaluation that saw the wave.
SLACK = timedelta(seconds=5)


@click.command(help="Rehearse a crisis at an airline that does not exist: about a minute, on this machine alone.")
@click.option("--seed", default=7, show_default=True, help="Another seed, other posts.")
@click.option("--keep", is_flag=True, help="Leave it running afterwards, to look around in the console.")
def command(seed: int, *, keep: bool) -> None:
    """Play the story; a stage that fails is named."""
    for ending in ENDINGS:
        on_signal(ending, end)
    teller = Teller()
    click.echo(
        f"A rehearsal: {NORTHWIND_AIR.name} does not exist, its passengers are made up, nothing leaves this machine.\n"
    )
    with (
        TemporaryDirectory(prefix="groundswell-demo-") as folder,
        build(Path(folder), seed, datetime.now(UTC)) as stage,
    ):
        try:
            play(stage, teller, seed)
        except StageError:
            click.echo(stage.log.read_text(errors="replace")[-4000:], err=True)
            raise
        if keep:
            click.echo("\nIt keeps running: open the address above. Ctrl-C ends it.")
            stage.serve.wait()
        else:
            click.echo(
                "\nThat was the rehearsal; it is stopped and deleted. With --keep it goes on, to look around in."
            )


def play(stage: Stage, teller: Teller, seed: int) -> None:
    """The stages in order."""
    teller.say(
        "NETWORK", f"three weeks of ordinary talk: {stage.told:,} posts on a forum, on Mastodon and on Hacker News"
    )
    teller.say("START", "a Prefect server, the scheduled flow and the console")
    _listen(stage, teller)
    began = datetime.now(UTC) - UNHEARD
    posts = crisis(seed, start=began, minutes=UNHEARD.total_seconds() / 60, per_minute=PER_MINUTE)
    stage.network.publish(posts)
    people = len({post.author for post in posts})
    teller.say("CRISIS", f"flights are cancelled; {people} people have written about it in the last 8 minutes")
    evaluated_at = _see_the_wave(stage, teller)
    incident = _open_incident(stage, teller)
    _receive_mail(stage, teller, evaluated_at)
    _show_checklist(stage, teller, incident)
    _look_at_console(stage, teller, incident)


def _listen(stage: Stage, teller: Teller) -> None:
    first = teller.wait("first tick", lambda: _first_tick(stage), seconds=90, alive=lambda: _alive(stage))
    if first.failed_sources:
        raise StageError("first tick", f"{counted(first.failed_sources, 'source')} could not be read")
    with stage.inst.database.reading() as connection:
        heard = connection.execute(select(func.count()).select_from(BrandMentionRow)).scalar() or 0
        opened = connection.execute(select(func.count()).select_from(IncidentRow)).scalar()
    if opened:
        raise StageError("first tick", "ordinary talk opened an incident")
    teller.say("LISTENING", f"first tick done: {heard:,} posts are about {NORTHWIND_AIR.name}; nothing unusual")


def _first_tick(stage: Stage) -> Row[tuple[TickRow]] | None:
    with stage.inst.database.reading() as connection:
        return connection.execute(select(TickRow.__table__).where(TickRow.finished_at.is_not(None)).limit(1)).first()


def _see_the_wave(stage: Stage, teller: Teller) -> datetime:
    """When the first evaluation saw the wave."""
    query = select(SignalRow.__table__).where(SignalRow.verdict == Verdict.FIRED).order_by(SignalRow.id).limit(1)

    def look() -> Row[tuple[SignalRow]] | None:
        with stage.inst.database.reading() as connection:
            return connection.execute(query).first()

    signal = teller.wait("spike", look, seconds=3 * TICK.total_seconds() + 30, alive=lambda: _alive(stage))
    teller.say("SPIKE", signal.sentence)
    at: datetime = signal.at
    return at


def _open_incident(stage: Stage, teller: Teller) -> Incident:
    with stage.inst.database.reading() as connection:
        incidents = store.all_open(connection, "northwind")
        if len(incidents) != 1:
            raise StageError("incident", f"{counted(len(incidents), 'incident')} opened where one was due")
        (incident,) = incidents
        teller.say("INCIDENT", f"{incident.severity}  {incident.title}")
        teller.add(f"owned by {stage.inst.name_of(incident.owner)} from its first second")
        return incident


def _receive_mail(stage: Stage, teller: Teller, evaluated_at: datetime) -> None:
    def look() -> Sequence[Received]:
        return stage.mailbox.received

    allowed = TICK + SLACK
    (mail, *more) = teller.wait("mail", look, seconds=allowed.total_seconds(), alive=lambda: _alive(stage))
    took = mail.at - evaluated_at
    if more or took > allowed:
        raise StageError("mail", f"{counted(1 + len(more), 'mail')}, the first after {took.total_seconds():.1f} s")
    teller.say("MAIL", f"{mail.message['Subject']}")
    teller.add(f"accepted for {', '.join(mail.recipients)} {took.total_seconds():.1f} s after the evaluation")


def _show_checklist(stage: Stage, teller: Teller, incident: Incident) -> None:
    with stage.inst.database.reading() as connection:
        steps = responses.steps(connection, incident.id or 0)
        playbook = stage.inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
    where = (incident.severity, incident.category, incident.brand)
    due = sum(step.applies.to(*where) for step in playbook.steps)
    if len(steps) != due:
        raise StageError("checklist", f"{counted(len(steps), 'step')} where {due} were due")
    teller.say("CHECKLIST", f"playbook {incident.playbook}, {counted(len(steps), 'step')}")
    for step in steps:
        teller.add(f"{step.position}  {step.title} ({step.role}, {due_in(step.due_at, incident.opened_at)})")


def _look_at_console(stage: Stage, teller: Teller, incident: Incident) -> None:
    address = f"{stage.inst.settings.console.base_url}/incidents/{incident.id}"

    def look() -> bool:
        try:
            answer = requests.get(address, timeout=5)
        except requests.ConnectionError:
            return False
        return answer.ok and incident.title in answer.text

    teller.wait("console", look, seconds=20, alive=lambda: _alive(stage))
    teller.say("CONSOLE", address)


def _alive(stage: Stage) -> bool:
    return stage.serve.poll() is None
