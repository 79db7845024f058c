"""What holds for every playbook and every incident, whatever is done in any order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from playbooks.checklist import checklist, reclock, refit
from playbooks.moving import difference
from playbooks.playbook import ChecklistStep, Playbook, Severity
from tests.playbooks.small_playbooks import OPENED, brands, categories, playbooks, severities, worked_on

Steps = tuple[ChecklistStep, ...]


def done(steps: Steps) -> dict[str, ChecklistStep]:
    """Done steps without their place, which is that of the playbook."""
    return {step.key: replace(step, position=0, phase="") for step in steps if step.done_at}


@given(st.data(), playbooks(), severities, severities, categories, categories, brands)
def test_a_new_severity_or_category_loses_no_work_and_moves_no_deadline_of_it(
    data: st.DataObject,
    playbook: Playbook,
    severity: Severity,
    another: Severity,
    category: str | None,
    other: str | None,
    brand: str,
) -> None:
    before = data.draw(worked_on(playbook, severity, category, brand))
    after = refit(before, playbook, another, other, brand, OPENED)
    assert done(after.steps) == done(before)
    assert {step.key for step in before} | {step.key for step in after.came} == {
        step.key for step in (*after.steps, *after.left)
    }
    assert not any(step.done_at for step in (*after.came, *after.left))


@given(st.data(), playbooks(), playbooks(), severities, categories, brands)
def test_another_version_loses_no_work_either(
    data: st.DataObject, old: Playbook, new: Playbook, severity: Severity, category: str | None, brand: str
) -> None:
    before = data.draw(worked_on(old, severity, category, brand))
    after = difference(before, old, new, severity, category, brand, OPENED).steps
    assert done(after) == done(before)


@given(st.data(), playbooks(), playbooks(), severities, categories, brands)
def test_a_checklist_keeps_the_order_of_its_playbook_and_has_every_key_and_position_once(
    data: st.DataObject, old: Playbook, new: Playbook, severity: Severity, category: str | None, brand: str
) -> None:
    before = data.draw(worked_on(old, severity, category, brand))
    steps = difference(before, old, new, severity, category, brand, OPENED).steps
    assert all(earlier.position < later.position for earlier, later in pairwise(steps))
    places = {step.key: place for place, step in enumerate(new.steps, start=1)}
    assert [step.position for step in steps if step.key in places] == [
        places[step.key] for step in steps if step.key in places
    ]
    assert all(step.position > len(new.steps) for step in steps if step.key not in places)
    assert len({step.key for step in steps}) == len(steps)


@given(st.data(), playbooks(), severities, severities, categories, categories, brands)
def test_there_and_back_gives_the_same(
    data: st.DataObject,
    playbook: Playbook,
    severity: Severity,
    another: Severity,
    category: str | None,
    other: str | None,
    brand: str,
) -> None:
    start = data.draw(worked_on(playbook, severity, category, brand))
    before = refit(start, playbook, severity, category, brand, OPENED).steps
    there = refit(before, playbook, another, other, brand, OPENED)
    back = refit(there.steps, playbook, severity, category, brand, OPENED)
    assert back.steps == before
    assert {step.key for step in back.came} == {step.key for step in there.left}


@given(st.data(), playbooks(), playbooks(), severities, categories, brands)
def test_a_move_there_and_back_gives_the_same(
    data: st.DataObject, old: Playbook, new: Playbook, severity: Severity, category: str | None, brand: str
) -> None:
    start = data.draw(worked_on(old, severity, category, brand))
    before = refit(start, old, severity, category, brand, OPENED).steps
    there = difference(before, old, new, severity, category, brand, OPENED).steps
    assert difference(there, new, old, severity, category, brand, OPENED).steps == before


@given(st.data(), playbooks(), severities, categories, brands)
def test_an_open_step_is_due_as_long_after_what_it_waits_for_as_the_playbook_says(
    data: st.DataObject, playbook: Playbook, severity: Severity, category: str | None, brand: str
) -> None:
    worked = data.draw(worked_on(playbook, severity, category, brand))
    steps = {step.key: step for step in reclock(worked, playbook, severity, OPENED)}
    for step in playbook.steps:
        if step.key in steps and not steps[step.key].done_at:
            start = OPENED
            if step.after:
                start = steps[step.after].done_at or steps[step.after].due_at
            assert steps[step.key].due_at == start + step.due[severity]


@given(playbooks(), categories, brands)
def test_a_worse_severity_is_never_slower(playbook: Playbook, category: str | None, brand: str) -> None:
    for worse, milder in pairwise(Severity):
        later = {one.key: one.due_at for one in checklist(playbook, milder, OPENED, category=category, brand=brand)}
        for step in checklist(playbook, worse, OPENED, category=category, brand=brand):
            assert step.due_at <= later.get(step.key, step.due_at)


@given(st.data(), playbooks(), playbooks(), severities, categories, brands)
def test_the_preview_names_exactly_what_the_move_does(
    data: st.DataObject, old: Playbook, new: Playbook, severity: Severity, category: str | None, brand: str
) -> None:
    start = data.draw(worked_on(old, severity, category, brand))
    before = {step.key: step for step in refit(start, old, severity, category, brand, OPENED).steps}
    seen = difference(before.values(), old, new, severity, category, brand, OPENED)
    after = {step.key: step for step in seen.steps}
    assert {step.key for step in seen.added} == after.keys() - before.keys()
    assert {step.key for step in seen.removed} == before.keys() - after.keys()
    other = {
        key
        for key in before.keys() & after.keys()
        if not before[key].done_at and replace(before[key], position=0) != replace(after[key], position=0)
    }
    assert {one.key for one in seen.changed} | {one.key for one in seen.deadlines} == other


@given(st.data(), playbooks(), severities, categories, brands)
def test_a_move_to_the_same_version_changes_nothing(
    data: st.DataObject, playbook: Playbook, severity: Severity, category: str | None, brand: str
) -> None:
    start = data.draw(worked_on(playbook, severity, category, brand))
    before = refit(start, playbook, severity, category, brand, OPENED).steps
    seen = difference(before, playbook, playbook, severity, category, brand, OPENED)
    assert seen.steps == before
    assert seen.sentences() == ("Nothing changes for this incident.",)
