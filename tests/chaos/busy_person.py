"""A process that forks people who do all sorts of things about incidents, each of whom is killed while at it.

Run as ``python -m tests.chaos.busy_person FOLDER DATABASE``. For every line ``SEED`` on its input it answers with a
line ``KIND WRITTEN``: what the person was doing when they died, and how many rows that transaction had written; the
kind is ``nothing`` where they died between two actions.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from database import incidents as store
from database import responses
from incidents.incident import Incident
from incidents.statements import Edit
from playbooks.playbook import Severity
from services import checklists, response, reviews, statements
from services.installation import Installation
from tests.chaos.whole_actions import PEOPLE, team_of_three

# Writes that a person gets done at most.
LONGEST_LIFE = 90


@dataclass
class Person:
    """Somebody who does at random what can be done."""

    inst: Installation
    rng: random.Random
    incident: Incident | None = None

    @property
    def number(self) -> int:
        """Of the incident that is acted upon."""
        return self.incident.id or 0 if self.incident else 0

    @property
    def who(self) -> str:
        """Anybody, but more often the owner or the one who is asked."""
        known = (self.incident.owner, self.incident.offered_to) if self.incident else ()
        return self.rng.choice([*PEOPLE, *filter(None, known)])

    def look(self) -> None:
        """Choose an incident; those that have ended are chosen less often."""
        with self.inst.database.reading() as connection:
            known = store.all_opened(connection)[-6:]
        self.incident = self.rng.choice([*known, *[one for one in known if not one.ended] * 3])

    def statement(self) -> tuple[int, int]:
        """Number and version of a statement that is not public yet, else of one that is not there."""
        with self.inst.database.reading() as connection:
            found = responses.statements(connection, self.number)
        one = next((one for one in reversed(found) if not one.published_at), None)
        return (one.number, one.version) if one else (99, 1)

    def other(self) -> int:
        """Another open incident, else this one."""
        with self.inst.database.reading() as connection:
            others = [one.id or 0 for one in store.every_open(connection) if one.id != self.number]
        return self.rng.choice(others or [self.number])

    def review_seen(self) -> int:
        """The version of the review."""
        with self.inst.database.reading() as connection:
            written = responses.review(connection, self.number)
        return written.version if written else 0


def deed(person: Person, kind: str) -> Callable[[], object]:
    """What is to be done; everything that it has to know first is asked here."""
    rng, inst, number, who = person.rng, person.inst, person.number, person.who
    position, task, words = rng.randint(1, 8), rng.randint(1, 4), f"Words {rng.random()}"
    said, version = person.statement()
    soon = inst.clock() + timedelta(minutes=30)
    deeds: Mapping[str, Callable[..., Any]] = {
        "acknowledge": lambda: response.acknowledge(inst, number, who),
        "respond": lambda: response.respond(inst, number, who),
        "monitor": lambda: response.monitor(inst, number, who),
        "resolve": lambda: response.resolve(inst, number, who),
        "dismiss": lambda: response.dismiss(inst, number, who, words),
        "reopen": lambda: response.reopen(inst, number, who, words),
        "merge": lambda into: response.merge(inst, number, who, into),
        "hand over": lambda: response.hand_over(inst, number, who, rng.choice(PEOPLE)),
        "accept": lambda: response.accept(inst, number, who),
        "decline": lambda: response.decline(inst, number, who, words),
        "severity": lambda: response.change_severity(inst, number, who, rng.choice([*Severity]), words),
        "category": lambda: response.change_category(inst, number, who, "", words),
        "note": lambda: response.add_note(inst, number, who, words),
        "follow": lambda: response.follow(inst, number, who, rng.choice(PEOPLE)),
        "unfollow": lambda: response.unfollow(inst, number, who, who),
        "step done": lambda: checklists.complete_step(inst, number, position, who, words),
        "step skipped": lambda: checklists.skip_step(inst, number, position, who, words),
        "step approved": lambda: checklists.approve_step(inst, number, 4, who),
        "step undone": lambda: checklists.undo_step(inst, number, position, who),
        "task added": lambda: checklists.add_task(inst, number, who, words, rng.choice(PEOPLE)),
        "task done": lambda: checklists.complete_task(inst, number, task, who),
        "task undone": lambda: checklists.undo_task(inst, number, task, who),
        "draft": lambda: statements.draft_from(inst, number, who, rng.choice(["holding", "update", "closing"])),
        "edit": lambda: statements.edit(inst, number, who, Edit(said, version, words)),
        "approve": lambda: statements.approve(inst, number, who, said, version),
        "publish": lambda: statements.publish(inst, number, who, said, version, "https://example.com/1", soon),
        "promise": lambda: statements.promise(inst, number, who, soon),
        "brief": lambda: statements.brief(inst, number, who, words, soon),
        "review": lambda seen: reviews.write(inst, number, who, {"people": words, "changes": words}, seen),
        "review done": lambda: reviews.finish(inst, number, who),
    }
    if kind == "merge":
        into = person.other()
        return lambda: deeds[kind](into)
    if kind == "review":
        seen = person.review_seen()
        return lambda: deeds[kind](seen)
    return deeds[kind]


# How often each is tried; what ends an incident or can rarely be done has its own share.
DEEDS = {
    **dict.fromkeys(("acknowledge", "respond", "monitor", "resolve", "dismiss", "merge", "note", "promise"), 1),
    **dict.fromkeys(("hand over", "decline", "severity", "category", "follow", "step done", "step skipped"), 2),
    **dict.fromkeys(("step undone", "task added", "task done", "task undone", "draft", "step approved"), 2),
    **dict.fromkeys(("accept", "unfollow", "edit", "approve", "publish", "brief", "reopen", "review"), 3),
    "review done": 2,
}


@dataclass
class Fate:
    """When somebody dies: right after a write of an action, right before what was written is kept, or at any moment.

    ``report`` is told what they were doing.
    """

    report: int
    after: int
    commits: bool
    doing: str = "nothing"
    written: int = 0
    lived: int = 0

    def watch(self) -> None:
        """See every statement of this process."""
        event.listen(Engine, "after_cursor_execute", self._executed)
        event.listen(Engine, "commit", self._commit)

    def die(self) -> None:
        """At once, as nobody expects it."""
        os.write(self.report, f"{self.doing.replace(' ', '_')} {self.written}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)

    def _executed(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if self.doing != "nothing" and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self.written, self.lived = self.written + 1, self.lived + 1
            if self.lived >= self.after and not self.commits:
                self.die()

    def _commit(self, _connection: object) -> None:
        if self.commits and self.written and self.lived >= self.after:
            self.die()


def live(folder: Path, database: str, seed: int, report: int) -> None:
    """Act until death."""
    rng = random.Random(seed)  # noqa: S311  # moments of death, not secrets
    fate = Fate(report, rng.randint(1, LONGEST_LIFE), commits=rng.random() < 0.2)
    inst = team_of_three(folder, database)
    person = Person(inst, rng)
    fate.watch()
    if rng.random() < 0.2:
        fate.after = sys.maxsize
        threading.Timer(rng.uniform(0.05, 0.6), fate.die).start()
    kinds, weights = zip(*DEEDS.items(), strict=True)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        person.look()
        (kind,) = rng.choices(kinds, weights)
        do = deed(person, kind)
        fate.written, fate.doing = 0, kind
        do()
        fate.doing = "nothing"
    fate.die()


def main(folder: Path, database: str) -> None:
    """Fork somebody for every line; forking costs less than starting anew."""
    for line in sys.stdin:
        heard, report = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                live(folder, database, int(line), report)
            except Exception:  # noqa: BLE001  the process must not go on as if it were its parent
                traceback.print_exc()
            os._exit(1)
        os.close(report)
        _, status = os.waitpid(child, 0)
        with os.fdopen(heard) as lines:
            said = lines.read().split("\n")[0]
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write(f"{said if killed and said else 'failed 0'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
