"""Drills: a made-up crisis on the whole path that a real one takes, and apart from everything real.

Weeks of ordinary talk and the rise of a crisis are understood, counted and judged by the services that do so with what
is heard, under a brand id and a source of the drill's own (:mod:`incidents.drills`). Whether that opens an incident is
detection's to say, as it always is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from database import drills as store
from database import listening, responses
from database.drills import Drill
from database.incidents import find
from database.listening import Heard
from errors import GroundswellError
from incidents.drill_score import DrillScore, score
from incidents.drills import drill_brand
from incidents.incident import SYSTEM, Incident, Refusal
from mentions.mention import Mention, WordMarks, date_mention
from mentions.stories import word_marks
from services import response
from services.evaluating import evaluate_brand
from services.installation import Installation
from services.marking import watched
from services.settling import Evaluated
from services.understanding import understand
from settings.model import Brand
from simulation import scenarios
from simulation.post import BrandStory, Post
from simulation.scenarios import SCENARIOS, Scenario
from simulation.traffic import crisis, ordinary

# What is made up is forgotten after so long, ended or not.
KEPT = timedelta(days=14)
# Longer than the fortnight by which the present is judged.
BEFORE = timedelta(weeks=3)
PER_HOUR = 4.0
RISE = timedelta(minutes=30)
PER_MINUTE = 5.0
# So many people may be asked for before the crisis has to be bigger.
_PEOPLE = 60
_AT_ONCE = 500
_LONGEST_ID = 63
_LOCK = "drill"
# In what the simulation fills in, braces would be places to fill.
_NO_SLOTS = str.maketrans("{}", "()")
_INTERRUPTED = "It was interrupted while it was being started."


class DrillError(GroundswellError):
    """A drill cannot be started, stopped or found; nothing was changed."""


@dataclass(frozen=True, slots=True)
class DrillReport:
    """A drill and how it goes, or went.

    Attributes:
        incident, score: None where nothing was opened; the drill then says why.
    """

    drill: Drill
    incident: Incident | None
    score: DrillScore | None

    @property
    def sentence(self) -> str:
        """For people."""
        if self.score:
            return self.score.sentence
        return self.drill.problem or "It is being started."


def start(inst: Installation, brand: str = "", scenario: str = "", by: str = SYSTEM.id) -> DrillReport:
    """Make up a crisis that has risen in the last half an hour, and let it be detected; mails leave with the next tick.

    Args:
        brand: id; may be left out where there is one.
        scenario: key of one of :data:`simulation.scenarios.SCENARIOS`; any of them where none is named.
        by: id of the person who starts it.

    Raises:
        DrillError: there is no such brand or scenario, or a drill about the brand goes on.
        DatabaseError: it cannot be stored; what was begun of it is ended with the next tick.
    """
    about, told = _brand(inst, brand), _scenario(inst, scenario)
    with inst.database.exclusive(_LOCK, wait=False) as held:
        if not held:
            raise DrillError("drill", "another one is being started at this moment.", "Try again in a minute.")
        drill = _begin(inst, about, told, by)
        _say(inst, drill, about, told)
        # What is planned for the real brand explains nothing that is made up.
        rehearsed = about.model_copy(update={"id": drill.about, "events": ()})
        return _settled(inst, drill, evaluate_brand(inst, rehearsed))


def stop(inst: Installation, number: int, by: str) -> DrillReport:
    """End a drill: its incident is resolved in a person's name, if nobody has done so.

    Raises:
        DrillError: there is no such drill, it is over, or the person may not end its incident.
        UnknownIncidentError, ConflictError: as :func:`services.response.resolve`.
    """
    running = report_on(inst, number)
    if running.drill.finished_at:
        raise DrillError(f"drill {number}", "it is over already.", f"See groundswell drill show {number}.")
    if running.incident and running.incident.id and running.incident.resolved_at is None:
        done = response.resolve(inst, running.incident.id, by)
        with inst.database.reading() as connection:
            goes_on = not find(connection, running.incident.id).ended
        if isinstance(done, Refusal) and goes_on:
            raise DrillError(f"drill {number}", "was not stopped.", done.text)
    with inst.database.writing() as connection:
        store.finish_drill(connection, running.drill, inst.clock(), "" if running.incident else "It was stopped.")
    return report_on(inst, number)


def end_drills(inst: Installation) -> None:
    """End the drills whose incidents are over, and those that are too old or were interrupted."""
    with inst.database.reading() as connection:
        running = store.running_drills(connection)
    if not running:
        return
    # Where nobody is starting one, what has opened nothing never will.
    with inst.database.exclusive(_LOCK, wait=False) as alone:
        for drill in running:
            with inst.database.writing() as connection:
                _end(connection, drill, inst.clock(), alone=alone)


def report_on(inst: Installation, number: int) -> DrillReport:
    """A drill with its score.

    Raises:
        DrillError: there is none with this number.
    """
    with inst.database.reading() as connection:
        drill = store.find_drill(connection, number)
        if drill is None:
            raise DrillError(f"drill {number}", "there is no such drill.", "Look at groundswell drill list.")
        return _report(connection, inst, drill)


def reports(inst: Installation) -> tuple[DrillReport, ...]:
    """All drills with their scores, the last one first."""
    with inst.database.reading() as connection:
        return tuple(_report(connection, inst, drill) for drill in store.all_drills(connection))


def _brand(inst: Installation, wanted: str) -> Brand:
    brands = {brand.id: brand for brand in watched(inst)}
    if not wanted and len(brands) == 1:
        return next(iter(brands.values()))
    known = f"Choose one of: {', '.join(brands)}."
    found = brands.get(wanted) or next((one for one in brands.values() if one.name == wanted), None)
    if found is None:
        problem = (
            "is none of the brands that alarms are raised about." if wanted else "has to be named: there are several."
        )
        raise DrillError(f'brand "{wanted}"' if wanted else "the brand of a drill", problem, known)
    if len(drill_brand(999_999, found.id)) > _LONGEST_ID:
        raise DrillError(f'brand "{wanted}"', "has too long an id for a drill.", "Give the brand a shorter id.")
    return found


def _scenario(inst: Installation, wanted: str) -> Scenario:
    if not wanted:
        return inst.rng.choice(SCENARIOS)
    found = next((one for one in SCENARIOS if one.key == wanted), None)
    if found is None:
        known = ", ".join(one.key for one in SCENARIOS)
        raise DrillError(f'scenario "{wanted}"', "does not exist.", f"Choose one of: {known}.")
    return found


def _begin(inst: Installation, brand: Brand, scenario: Scenario, by: str) -> Drill:
    now = inst.clock()
    with inst.database.writing() as connection:
        for drill in store.running_drills(connection):
            if not _end(connection, drill, now, alone=True) and drill.brand == brand.id:
                remedy = f"Finish its incident, or end it: groundswell drill stop {drill.number}."
                raise DrillError(brand.name, f"drill {drill.number} about it still goes on.", remedy)
        return store.add_drill(connection, brand.id, scenario.key, by, now)


def _end(connection: Connection, drill: Drill, now: datetime, *, alone: bool) -> bool:
    """End a drill where it is over; whether it was."""
    incident = store.incident_of_drill(connection, drill)
    if incident is None and alone:
        store.finish_drill(connection, drill, now, _INTERRUPTED)
    elif incident and incident.resolved_at:
        store.finish_drill(connection, drill, incident.resolved_at)
    elif now - drill.started_at >= KEPT:
        store.finish_drill(connection, drill, now)
    else:
        return False
    return True


def _settled(inst: Installation, drill: Drill, answers: Sequence[Evaluated]) -> DrillReport:
    """What came of it; without an incident it is over, and says why."""
    with inst.database.writing() as connection:
        if store.incident_of_drill(connection, drill) is None:
            held = next((one.signal.sentence for one in answers), "Nothing stood out.")
            problem = f"No incident was opened. {held}"
            store.finish_drill(connection, drill, inst.clock(), problem)
    return report_on(inst, drill.number)


def _report(connection: Connection, inst: Installation, drill: Drill) -> DrillReport:
    incident = store.incident_of_drill(connection, drill)
    if incident is None:
        return DrillReport(drill, None, None)
    steps = responses.steps(connection, incident.id or 0)
    playbook = inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
    clocks = playbook.clocks[incident.severity]
    return DrillReport(drill, incident, score(incident, steps, clocks, incident.first_public_at))


def _say(inst: Installation, drill: Drill, brand: Brand, scenario: Scenario) -> None:
    """Store what people would have said, a part at a time: whoever else wants to write must not wait for all of it."""
    posts = _posts(drill, brand, scenario, inst.settings.detection.least_people)
    for at in range(0, len(posts), _AT_ONCE):
        heard = list(_heard(inst, drill, brand.id, posts[at : at + _AT_ONCE]))
        with inst.database.writing() as connection:
            listening.store(connection, drill.about, heard, drill.started_at)


def _posts(drill: Drill, brand: Brand, scenario: Scenario, least_people: int) -> Sequence[Post]:
    now, seed = drill.started_at, drill.number
    called = next((phrase for phrase in brand.phrases if phrase[0].isalnum()), brand.name)
    name = called.translate(_NO_SLOTS)
    told = BrandStory(name, name, f"#{''.join(filter(str.isalnum, brand.name))}")
    calm = ordinary(seed, brand=told, start=now - BEFORE, end=now, per_hour=PER_HOUR, mix=scenarios.ORDINARY)
    loud = crisis(
        seed,
        brand=told,
        start=now - RISE,
        minutes=RISE / timedelta(minutes=1),
        per_minute=PER_MINUTE * max(1, least_people / _PEOPLE),
        mix=scenario.mix,
    )
    return (*calm, *loud)


def _heard(inst: Installation, drill: Drill, brand: str, posts: Sequence[Post]) -> Iterator[Heard]:
    """Posts as they are understood for the real brand, and count for the drill alone; nobody's privacy is in them."""
    said = {one.digest: one for one in (_mention(drill, post) for post in posts)}
    for heard in understand(inst, drill.about, (brand,), said.values()):
        about = next(one for one in heard.about if one.match.brand == brand)
        mention = replace(said[heard.mention.digest], language=heard.mention.language)
        yield Heard(mention, (replace(about, match=replace(about.match, brand=drill.about)),))


def _mention(drill: Drill, post: Post) -> Mention:
    return Mention(
        key=f"{drill.about}:{post.id}",
        title=post.title,
        text=post.text,
        published=date_mention(post.published_at, drill.started_at),
        author=post.author,
        language=post.language,
        followers=post.followers,
        word_marks=_own_marks(drill, post),
    )


def _own_marks(drill: Drill, post: Post) -> WordMarks:
    """What its text is recognised by within the drill, and nowhere else: no real post tells its stories on."""
    salt = int.from_bytes(hashlib.blake2b(drill.about.encode(), digest_size=8).digest(), signed=True)
    text, groups = word_marks(post.title, post.text)
    return None if text is None else text ^ salt, frozenset(group ^ salt for group in groups)
