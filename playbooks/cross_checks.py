"""What the parts of a playbook file say of each other.

Everything is read from the file as it is written, so that these faults come together with those of its shape
(:mod:`playbooks.playbook_file`), however much else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playbooks.document import Document, Fault, place, shown
from playbooks.playbook import Severity
from playbooks.wording import Flaw, flaws

Location = tuple[str | int, ...]
_ONLY = ("severity", "category", "brand")


@dataclass(frozen=True, slots=True)
class Part:
    """A phase, step, statement or stance as it is written.

    Attributes:
        group: ``steps``.
        index: 0 for the first of its group.
    """

    group: str
    index: int
    written: dict[str, Any]

    def text(self, name: str) -> str:
        """A setting, empty where it is missing or no text."""
        value = self.written.get(name)
        return value if isinstance(value, str) else ""

    def names(self, name: str) -> list[tuple[int, str]]:
        """The texts of a list with their places in it."""
        value = self.written.get(name)
        return [(i, one) for i, one in enumerate(value) if isinstance(one, str)] if isinstance(value, list) else []

    def only(self, name: str) -> frozenset[str]:
        """What it is limited to in one respect, empty where it is not."""
        limits = self.written.get("only")
        value = limits.get(name) if isinstance(limits, dict) else None
        return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list) else frozenset()


class Content:
    """The parts of a file that are written as a block of settings, whatever else there is."""

    def __init__(self, document: Document) -> None:
        self._document = document
        written = document.content if isinstance(document.content, dict) else {}
        groups = {name: written.get(name) for name in ("phases", "steps", "statements", "stances")}
        self._parts = {
            group: [Part(group, i, one) for i, one in enumerate(parts) if isinstance(one, dict)]
            for group, parts in groups.items()
            if isinstance(parts, list)
        }

    def parts(self, group: str) -> list[Part]:
        """The parts of a group in their order."""
        return self._parts.get(group, [])

    def by_key(self, group: str) -> dict[str, Part]:
        """The parts of a group by key; of two with the same the first."""
        found: dict[str, Part] = {}
        for part in self.parts(group):
            found.setdefault(part.text("key"), part)
        return {key: part for key, part in found.items() if key}

    def line(self, part: Part, inner: Location) -> int:
        """The line of something within a part."""
        return self._document.line_of((part.group, part.index, *inner))

    def fault(self, part: Part, inner: Location, value: object, right: str) -> Fault:
        """A fault within a part."""
        return Fault(self.line(part, inner), place((part.group, part.index, *inner)), shown(value), right)

    def fault_in_text(self, part: Part, name: str, flaw: Flaw) -> Fault:
        """A fault on a line of a text, which is shown as it is written."""
        location = (part.group, part.index, name)
        written = part.text(name).split("\n")[flaw.line - 1 : flaw.line] or [""]
        line = self._document.line_within(location, flaw.line)
        return Fault(line, place(location), shown(written[0].strip()), flaw.right)


def faults(document: Document) -> Iterator[Fault]:
    """Everything that does not fit together."""
    content = Content(document)
    for check in _CHECKS:
        yield from check(content)


def _written_once(content: Content) -> Iterator[Fault]:
    for group, name in (("phases", "key"), ("steps", "key"), ("statements", "key"), ("stances", "cluster")):
        first: dict[str, Part] = {}
        for part in content.parts(group):
            value = part.text(name)
            if value and value in first:
                right = f"write another {name}, line {content.line(first[value], (name,))} has this one"
                yield content.fault(part, (name,), value, right)
            first.setdefault(value, part)


def _names_exist(content: Content) -> Iterator[Fault]:
    for step in content.parts("steps"):
        yield from _named(content, step, ("phase",), step.text("phase"), "phases")
        yield from _named(content, step, ("statement",), step.text("statement"), "statements")
        for index, name in step.names("preapproved"):
            yield from _named(content, step, ("preapproved", index), name, "statements")


def _named(content: Content, step: Part, inner: Location, name: str, group: str) -> Iterator[Fault]:
    known = content.by_key(group)
    if name and name not in known:
        yield content.fault(step, inner, name, f"name one of the {group}: {', '.join(known) or 'there are none yet'}")


def _waits_for_an_earlier_step(content: Content) -> Iterator[Fault]:
    """An earlier one only, so that no two steps ever wait for each other."""
    known = content.by_key("steps")
    for step in content.parts("steps"):
        name = step.text("after")
        if name and (name not in known or known[name].index >= step.index):
            earlier = [key for key, other in known.items() if other.index < step.index]
            right = f"name a step that comes earlier: {', '.join(earlier) or 'there is none, leave it out'}"
            yield content.fault(step, ("after",), name, right)


def _is_there_when_needed(content: Content) -> Iterator[Fault]:
    """What a step waits for or publishes must be there whenever the step is.

    A deadline that counts from a step which the incident does not have would be nobody's promise.
    """
    steps, statements = content.by_key("steps"), content.by_key("statements")
    for step in content.parts("steps"):
        needed: list[tuple[Location, str, dict[str, Part]]] = [
            (("after",), step.text("after"), steps),
            (("statement",), step.text("statement"), statements),
        ]
        needed += [(("preapproved", index), name, statements) for index, name in step.names("preapproved")]
        for inner, name, known in needed:
            missing = _narrower(known[name], step) if name in known else ""
            if missing:
                right = f"{missing}; give this step the same only, or name another"
                yield content.fault(step, inner, name, right)


def _narrower(needed: Part, step: Part) -> str:
    """How a part is limited where a step is not, empty where it is there whenever the step is."""
    for name in _ONLY:
        limits, asked = needed.only(name), step.only(name)
        if limits and not (asked and asked <= limits):
            return f"{needed.text('key')} is only there for {name} {', '.join(sorted(limits))}"
    return ""


def _phases_hold_their_steps(content: Content) -> Iterator[Fault]:
    order = {key: part.index for key, part in content.by_key("phases").items()}
    used = {step.text("phase") for step in content.parts("steps")}
    for key, phase in content.by_key("phases").items():
        if key not in used and content.parts("steps"):
            yield content.fault(phase, ("key",), key, "give this phase a step, or remove it")
    latest = -1
    for step in content.parts("steps"):
        at = order.get(step.text("phase"), latest)
        if at < latest:
            right = "keep the steps of a phase together, in the order of the phases"
            yield content.fault(step, ("phase",), step.text("phase"), right)
        latest = max(latest, at)


def _every_severity_has_a_step(content: Content) -> Iterator[Fault]:
    always = [step for step in content.parts("steps") if not step.only("category") and not step.only("brand")]
    covered = {severity for step in always for severity in step.only("severity") or set(Severity)}
    bare = [severity for severity in Severity if severity not in covered]
    steps = content.parts("steps")
    if bare and steps:
        right = f"leave a step without only, or {', '.join(bare)} may have nothing to do"
        yield content.fault(steps[0], ("only",), steps[0].written.get("only"), right)


def _asks_whom(content: Content) -> Iterator[Fault]:
    for step in content.parts("steps"):
        if "approval_at" in step.written and "approval" not in step.written:
            right = "say with approval who must approve, or remove it"
            yield content.fault(step, ("approval_at",), step.written["approval_at"], right)


def _can_be_rendered(content: Content) -> Iterator[Fault]:
    for statement in content.parts("statements"):
        for flaw in flaws(statement.text("text")):
            yield content.fault_in_text(statement, "text", flaw)


_CHECKS: tuple[Callable[[Content], Iterator[Fault]], ...] = (
    _written_once,
    _names_exist,
    _waits_for_an_earlier_step,
    _is_there_when_needed,
    _phases_hold_their_steps,
    _every_severity_has_a_step,
    _asks_whom,
    _can_be_rendered,
)
