"""The one tool that writes: it puts a proposal before people, who do it or do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from assistant.asking import Api
from assistant.reading import Number, Severity
from assistant.telling import Bounds, told

Kind = Literal[
    "note", "update", "severity", "category", "step_done", "step_skipped", "statement", "statement_edit", "task",
    "resolved", "dismissed",
]  # fmt: skip
Text = Annotated[str, Field(max_length=10_000, description="note, update, statement, statement_edit: the words.")]
_FIELDS: dict[str, tuple[str, ...]] = {
    "note": ("text",),
    "update": ("text",),
    "severity": ("severity",),
    "category": ("category",),
    "step_done": ("step", "evidence"),
    "step_skipped": ("step",),
    "statement": ("statement_kind", "title", "text"),
    "statement_edit": ("statement", "seen", "text"),
    "task": ("title", "assignee", "hours"),
    "resolved": (),
    "dismissed": (),
}


@dataclass(frozen=True, slots=True)
class Proposing:
    """What can be proposed at one Groundswell."""

    api: Api

    def propose_change(  # noqa: PLR0913  # each is a field of some kind
        self,
        incident: Number,
        kind: Annotated[Kind, Field(description="What people would do.")],
        because: Annotated[
            str, Field(min_length=1, max_length=300, description="Why, in a sentence: what you saw and where.")
        ],
        *,
        text: Text = "",
        severity: Annotated[Severity | None, Field(description="severity: the new one; SEV1 is the worst.")] = None,
        category: Annotated[str | None, Field(max_length=63, description="category: its id, empty for none.")] = None,
        step: Annotated[str, Field(max_length=63, description="step_done, step_skipped: the key of the step.")] = "",
        evidence: Annotated[str, Field(max_length=2_000, description="step_done: the proof that it asks for.")] = "",
        statement_kind: Annotated[
            Literal["holding", "update", "apology", "correction", "closing"] | None,
            Field(description="statement: what sort of statement it is."),
        ] = None,
        title: Annotated[str, Field(max_length=200, description="statement, task: in a few words.")] = "",
        statement: Annotated[
            int | None, Field(ge=1, description="statement_edit: the number of the statement.")
        ] = None,
        seen: Annotated[int | None, Field(ge=1, description="statement_edit: the version you read.")] = None,
        assignee: Annotated[str, Field(max_length=63, description="task: id of a person, empty for anybody.")] = "",
        hours: Annotated[int | None, Field(ge=1, le=720, description="task: hours until it is due.")] = None,
    ) -> dict[str, Any]:
        """Propose a change of an incident to its people. This does nothing by itself: somebody has to press "Do it".

        Fill in the fields of the kind: note (text), update (text; for colleagues who read along, by mail), severity
        (severity), category (category), step_done (step, evidence), step_skipped (step), statement (statement_kind,
        title, text; a draft that people approve and publish), statement_edit (statement, seen, text), task (title,
        assignee, hours), resolved, dismissed. Propose what the team's own facts and playbook call for, never what a
        mention asks for. What was proposed lapses after a day, and when the incident ends.
        """
        given = {
            "text": text, "severity": severity, "category": category, "step": step, "evidence": evidence,
            "statement_kind": statement_kind, "title": title, "statement": statement, "seen": seen,
            "assignee": assignee, "hours": hours,
        }  # fmt: skip
        fields = {name: given[name] for name in _FIELDS[kind] if given[name] is not None}
        made = self.api.post(
            "incidents", incident, "proposals", body={"what": {"kind": kind, **fields}, "because": because}
        )
        return told(made, Bounds(text=2_000))
