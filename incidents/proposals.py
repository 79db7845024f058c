"""What programs propose for an incident, and what becomes of it: people do it, or they do not.

A proposal changes nothing. It says what one person would do with one press of a button, and why; whoever presses does
it in their own name. What is proposed is of one of the kinds of :data:`What`; none says anything to the public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, get_args

from incidents.deciding import NOBODY, Names, clock, ended_already, event, name_of, reason_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Statement, clamped
from incidents.tasks import TITLE_LIMIT
from playbooks.playbook import ChecklistStep, Severity, StatementKind

OPEN_LIMIT = 20  # more than that nobody reads while the phone rings
LASTS = timedelta(hours=24)  # what was right yesterday was proposed about another day
HOURS_LIMIT = 24 * 30  # of a task
PROGRAM_LIMIT = 60  # characters of the name of a program


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the timeline."""

    text: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Update:
    """An update by mail to everybody inside who reads along."""

    text: str
    kind: Literal["update"] = "update"


@dataclass(frozen=True, slots=True)
class NewSeverity:
    """Another severity; ``seen`` is the one it had when that was proposed."""

    severity: Severity
    seen: Severity | None = None
    kind: Literal["severity"] = "severity"


@dataclass(frozen=True, slots=True)
class NewCategory:
    """Another category, empty for none; ``seen`` as for a severity."""

    category: str
    seen: str | None = None
    kind: Literal["category"] = "category"


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the checklist is ticked; ``step`` is its key, ``evidence`` the proof that it may ask for."""

    step: str
    evidence: str = ""
    kind: Literal["step_done"] = "step_done"


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A step of the checklist is left out."""

    step: str
    kind: Literal["step_skipped"] = "step_skipped"


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A draft of words for the public; people read, approve and publish it as every other one."""

    statement_kind: StatementKind
    text: str
    title: str = ""
    kind: Literal["statement"] = "statement"


@dataclass(frozen=True, slots=True)
class StatementEdit:
    """The next version of words for the public; ``seen`` is the version that it was written from."""

    statement: int
    seen: int
    text: str
    kind: Literal["statement_edit"] = "statement_edit"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task, for somebody (id; empty for whoever comes first), due some hours after it is added (None: no hurry)."""

    title: str
    assignee: str = ""
    hours: int | None = None
    kind: Literal["task"] = "task"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The incident is over."""

    kind: Literal["resolved"] = "resolved"


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The incident was noise."""

    kind: Literal["dismissed"] = "dismissed"


What = (
    Note
    | Update
    | NewSeverity
    | NewCategory
    | StepDone
    | StepSkipped
    | NewStatement
    | StatementEdit
    | NewTask
    | Resolved
    | Dismissed
)
# ``{"note": Note, ...}``
KINDS: Mapping[str, Callable[..., What]] = MappingProxyType(
    {kind.__dataclass_fields__["kind"].default: kind for kind in get_args(What)}
)
# What people can put into their own words before they do it.
Worded = Note | Update | NewStatement | StatementEdit


class State(StrEnum):
    """What became of a proposal. The last two are never stored: time and the incident bring them about."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody decided within a day
    WITHDRAWN = "withdrawn"  # the incident has ended


@dataclass(frozen=True, slots=True)
class Author:
    """The program that proposes, by the name of its token, and the id of the person who answers for it."""

    program: str
    person: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a program proposes for an incident.

    Attributes:
        number: 1 for the first of its incident.
        because: why, on one line; for what asks for a reason it is the reason.
        decided_by: id of the person who did it or said no; ``decided_at`` is when, None while nobody has.
        declined_because: empty where nobody said.
    """

    number: int
    what: What
    because: str
    author: Author
    at: datetime
    state: State = State.PROPOSED
    decided_by: str | None = None
    decided_at: datetime | None = None
    declined_because: str = ""

    @property
    def expires_at(self) -> datetime:
        """Until when it can be done."""
        return self.at + LASTS


def state_of(proposal: Proposal, incident: Incident, now: datetime) -> State:
    """Where a proposal stands now."""
    if proposal.state is not State.PROPOSED:
        return proposal.state
    if incident.ended:
        return State.WITHDRAWN
    return State.EXPIRED if now >= proposal.expires_at else State.PROPOSED


def standing(proposals: Sequence[Proposal], incident: Incident, now: datetime) -> tuple[Proposal, ...]:
    """Those that somebody can still do, in their order."""
    return tuple(one for one in proposals if state_of(one, incident, now) is State.PROPOSED)


def propose(
    incident: Incident, before: Sequence[Proposal], what: What, because: str, author: Author, now: datetime
) -> Proposal | Refusal:
    """Put something before the people of an incident; whether it could be done now is not looked at.

    Args:
        before: every proposal that the incident ever had.
    """
    if incident.ended:
        return ended_already(incident)
    refusal = refuse_form(what, because)
    if refusal:
        return refusal
    rested = resting_on(what, incident)
    still = standing(before, incident, now)
    same = next((one for one in still if one.what == rested), None)
    if same:
        return Refusal(f"Proposal {same.number} says the same and waits for an answer.", {"proposal": str(same.number)})
    if len(still) >= OPEN_LIMIT:
        return Refusal(f"{OPEN_LIMIT} proposals wait for an answer here already; people come first to those.")
    # What cannot be seen could turn the letters around it, so that a program would seem to be somebody.
    shown = "".join(filter(str.isprintable, " ".join(author.program.split())))
    program = shown[:PROGRAM_LIMIT].strip() or "A program"
    at = clamped(incident, now)
    return Proposal(len(before) + 1, rested, " ".join(because.split()), replace(author, program=program), at)


def refuse_form(what: What, because: str) -> Refusal | None:
    """What is wrong with a proposal whatever the incident, None where nothing is."""
    why = reason_of(because)
    if isinstance(why, Refusal):
        return why
    if isinstance(what, NewStatement) and len(what.title) > TITLE_LIMIT:
        return Refusal(f"The title has {len(what.title)} characters; shorten it to {TITLE_LIMIT}.")
    if isinstance(what, NewTask) and what.hours is not None and not 0 < what.hours <= HOURS_LIMIT:
        return Refusal(f"A task is due 1 to {HOURS_LIMIT} hours after it is added, or at no time.")
    return None


def resting_on(what: What, incident: Incident) -> What:
    """What is proposed, with what of the incident it replaces."""
    match what:
        case NewSeverity(seen=None):
            return replace(what, seen=incident.severity)
        case NewCategory(seen=None):
            return replace(what, seen=incident.category or "")
    return what


def in_words(what: What, words: str | None) -> What:
    """What is proposed in somebody's own words; None leaves them as they are."""
    if words is None or not isinstance(what, Worded):
        return what
    return replace(what, text=words.replace("\r\n", "\n"))  # as forms send the end of a line


def refuse_deciding(proposal: Proposal, incident: Incident, now: datetime, names: Names = NOBODY) -> Refusal | None:
    """Why nothing is decided on a proposal any more, None where it waits for somebody."""
    at = proposal.decided_at or proposal.expires_at
    facts, whom = {"at": at.isoformat()}, name_of(names, proposal.decided_by)
    match state_of(proposal, incident, now):
        case State.ACCEPTED:
            return Refusal(f"{whom} did it already, on {clock(at)}.", facts)
        case State.DECLINED:
            return Refusal(f"{whom} decided against it, on {clock(at)}.", facts)
        case State.EXPIRED:
            return Refusal(f"It was proposed for a day, which ended on {clock(at)}.", facts)
        case State.WITHDRAWN:
            return ended_already(incident)
    return None


def decided(proposal: Proposal, state: State, by: Actor, now: datetime, because: str = "") -> Proposal | Refusal:
    """A proposal that somebody has done or decided against."""
    why = reason_of(because) if because.strip() else ""
    if isinstance(why, Refusal):
        return why
    at = max(now, proposal.at)
    return replace(proposal, state=state, decided_by=by.id, decided_at=at, declined_because=why)


def told(done: Change, proposal: Proposal, by: Actor, names: Names = NOBODY, *, reworded: bool = False) -> Change:
    """What somebody did because it was proposed, with the row that says so before what they did."""
    whose = name_of(names, proposal.author.person)
    how = " with changes" if reworded else ""
    text = (
        f"Proposed by {proposal.author.program} (a program, for which {whose} answers), "
        f"done by {by.name}{how}. Why it was proposed: {proposal.because}"
    )
    facts = {
        "proposal": str(proposal.number),
        "program": proposal.author.program,
        "answers_for_it": proposal.author.person,
        "proposed_at": proposal.at.isoformat(),
        "reworded": "yes" if reworded else "",
    }
    row = event(done.event.at, EventKind.PROPOSED, by, text, facts)
    return replace(done, preceded_by=(row, *done.preceded_by))


@dataclass(frozen=True, slots=True)
class Around:
    """What sentences about a proposal name.

    Attributes:
        people, categories: names by their ids.
    """

    steps: Sequence[ChecklistStep] = ()
    statements: Sequence[Statement] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)

    def step(self, key: str) -> str:
        """What a step is called in a sentence."""
        found = next((one for one in self.steps if one.key == key), None)
        return f"step {found.position}, “{found.title}”," if found else f"the step {key}"

    def statement(self, number: int) -> str:
        """What a statement is called in a sentence."""
        return next((f"“{one.title}”" for one in self.statements if one.number == number), f"statement {number}")


_ALWAYS = {
    "note": "Write this note into the timeline.",
    "update": "Send this internal update by mail to everybody who reads along.",
    "resolved": "Declare the incident resolved.",
    "dismissed": "Dismiss the incident as noise.",
}


def would(what: What, around: Around) -> str:
    """What exactly would happen, a sentence."""
    match what:
        case Note() | Update() | Resolved() | Dismissed():
            told = _ALWAYS[what.kind]
        case NewSeverity(severity=severity, seen=seen):
            told = f"Change the severity from {seen} to {severity}."
        case NewCategory(category=category, seen=seen):
            before, after = (around.categories.get(one, one) if one else "none" for one in (seen, category))
            told = f"Change the category from {before} to {after}."
        case NewStatement(statement_kind=kind, title=title):
            told = f"Draft this {kind} statement{f', “{title}”' if title else ''}, for people to read and approve."
        case StatementEdit(statement=number, seen=seen):
            told = f"Make this version {seen + 1} of {around.statement(number)}."
        case NewTask():
            told = _task_sentence(what, around)
        case StepDone(step=key):
            told = f"Tick {around.step(key)} as done."
        case StepSkipped(step=key):
            told = f"Skip {around.step(key).removesuffix(',')}."
    return told


def _task_sentence(task: NewTask, around: Around) -> str:
    whose = f" for {name_of(around.people, task.assignee)}" if task.assignee else ""
    hours = "an hour" if task.hours == 1 else f"{task.hours} hours"
    until = f", due {hours} after it is added" if task.hours else ""
    return f"Add a task{whose}{until}: {task.title}"


def words_of(what: What) -> str:
    """The words that would be written, empty where there are none."""
    match what:
        case Note(text=text) | Update(text=text) | NewStatement(text=text) | StatementEdit(text=text):
            return text
        case StepDone(evidence=evidence):
            return evidence
    return ""
