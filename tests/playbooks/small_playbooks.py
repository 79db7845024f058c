"""Playbooks and checklists that nobody would write, for properties that hold for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from playbooks.checklist import checklist
from playbooks.playbook import (
    Applies,
    ChecklistStep,
    Clocks,
    Phase,
    Playbook,
    Severity,
    StatementKind,
    StatementTemplate,
    Step,
)

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
CATEGORIES = ("outage", "data-breach")
BRANDS = ("northwind", "southwind")
severities = st.sampled_from(Severity)
categories = st.none() | st.sampled_from(CATEGORIES)
brands = st.sampled_from(BRANDS)
conditions = st.builds(
    Applies,
    st.lists(severities, unique=True, max_size=2).map(tuple),
    st.lists(st.sampled_from(CATEGORIES), unique=True, max_size=1).map(tuple),
    st.lists(brands, unique=True, max_size=1).map(tuple),
)
lengths = st.lists(st.integers(1, 5000), min_size=4, max_size=4).map(
    lambda minutes: {
        severity: timedelta(minutes=length) for severity, length in zip(Severity, sorted(minutes), strict=True)
    }
)
words = st.sampled_from(["one", "two"])


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Up to six steps of eight keys in any order, of which some wait for others and some have conditions."""
    keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=6))
    steps: list[Step] = []
    for key in keys:
        applies = draw(conditions)
        before = [""] + [step.key for step in steps if step.applies in {Applies(), applies}]
        step = Step(
            key=key,
            title=f"{key} {draw(words)}",
            why="",
            how=draw(words),
            role="",
            you_may="",
            due=draw(lengths),
            phase="p",
            after=draw(st.sampled_from(before)),
            approval=draw(st.sampled_from(["", "legal"])),
            approval_at=draw(st.just(()) | st.just((Severity.SEV1,))),
            applies=applies,
        )
        steps.append(step)
    clocks = {severity: Clocks(length, length, None) for severity, length in draw(lengths).items()}
    statements = draw(
        st.lists(st.builds(StatementTemplate, words, st.sampled_from(StatementKind), words, words), max_size=2)
    )
    return Playbook(
        id="small",
        version=draw(st.text("0123456789abcdef", min_size=12, max_size=12)),
        title="Small",
        summary="",
        clocks=clocks,
        steps=tuple(steps),
        phases=(Phase("p", draw(words), ""),),
        statements=tuple({one.key: one for one in statements}.values()),
    )


@st.composite
def worked_on(
    draw: st.DrawFn, playbook: Playbook, severity: Severity, category: str | None, brand: str
) -> tuple[ChecklistStep, ...]:
    """The checklist of an incident in which some steps are done and some skipped."""
    steps = []
    for step in checklist(playbook, severity, OPENED, category=category, brand=brand):
        minutes = draw(st.none() | st.integers(0, 10_000))
        if minutes is None:
            steps.append(step)
            continue
        at = OPENED + timedelta(minutes=minutes)
        skipped, evidence = draw(st.sampled_from(["", "Not needed."])), draw(st.sampled_from(["", "A link."]))
        steps.append(replace(step, done_at=at, done_by="dana", skipped=skipped, evidence=evidence))
    return tuple(steps)
