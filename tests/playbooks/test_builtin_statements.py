"""What the statements of every playbook that comes with Groundswell keep to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.facts import NAMES, Facts
from playbooks.library import available, load
from playbooks.playbook import Severity, StatementKind, StatementTemplate
from playbooks.statements import blanks, render

APOLOGY, CLOSING, CORRECTION, HOLDING, UPDATE = (
    StatementKind.APOLOGY,
    StatementKind.CLOSING,
    StatementKind.CORRECTION,
    StatementKind.HOLDING,
    StatementKind.UPDATE,
)
INCIDENT = {HOLDING, APOLOGY, CORRECTION, UPDATE, CLOSING}
# Where nobody waits for help nothing is held, and an apology beside a denial takes both away.
KINDS = {"praise": {UPDATE, CLOSING}, "misinformation": INCIDENT - {APOLOGY}}
TEMPLATES = [(playbook_id, template) for playbook_id in available() for template in load(playbook_id).statements]
OF_INCIDENTS = [(playbook_id, template) for playbook_id, template in TEMPLATES if playbook_id != "praise"]
LONGEST = 900  # characters; fits on the screen of a telephone
FULL = Facts(
    brand="Northwind",
    since="09:40",
    now="11:20",
    next_update="12:00",
    people="86",
    mentions="240",
    drivers="lost bag, no answer",
    severity="SEV2",
    category="Service failure",
    owner="Dana Reyes",
    action="bringing every bag to the address you give us, tonight",
    known="all 412 bags are in Lyon, and none is lost",
    help="the desk at belt 4 or 0800 555 0100, day and night",
    apology_for="a night without your things",
    cause="the belt in Lyon stopped, and nobody told you",
    remedy="what you had to buy, paid back within a week",
    spokesperson="Ines Falk",
    place="northwind.example/bags",
)
# What is said when nobody means it, or to make it smaller than it was.
FORBIDDEN = re.compile(
    r"seriously|isolated|valued|inconvenience|unfortunately|regret|rest assured|committed to|commitment|top priority|"
    r"as soon as possible|reach out|patience|deeply|thoughts are with|going forward|at this time|stakeholder|"
    r"any (harm|offence|offense|trouble)|if (anyone|anybody) (was|felt|feels)|misunderstanding|allegedly|"
    r"proactive|some customers|world-class|passion|journey|learnings|abundance of caution|no evidence|reputation",
    re.IGNORECASE,
)
MISSHAPEN = re.compile(r"[^\S\n]{2}|[^\S\n]$|[^\S\n][.,;:!?]|[.,;:!?][.,;:]|\(\)|\[\]|\n{3}|^[.,;:]", re.MULTILINE)


def _each(pairs: list[tuple[str, StatementTemplate]]) -> pytest.MarkDecorator:
    templates, names = [one for _, one in pairs], [f"{playbook_id}-{one.key}" for playbook_id, one in pairs]
    return pytest.mark.parametrize("template", templates, ids=names)


each = _each(TEMPLATES)
each_of_an_incident = _each(OF_INCIDENTS)


@pytest.mark.parametrize("playbook_id", available())
def test_there_is_a_statement_of_every_kind_that_makes_sense(playbook_id: str) -> None:
    assert {one.kind for one in load(playbook_id).statements} == KINDS.get(playbook_id, INCIDENT)


@pytest.mark.parametrize("playbook_id", available())
@pytest.mark.parametrize("severity", Severity)
def test_a_step_finds_the_statement_that_it_publishes_at_every_severity(playbook_id: str, severity: Severity) -> None:
    playbook = load(playbook_id)
    offered = {one.key for one in playbook.statements if one.applies.to(severity, None, "")}
    used = {step.statement for step in playbook.steps if step.statement and step.applies.to(severity, None, "")}
    assert used <= offered


@each
def test_without_facts_it_is_whole_sentences_with_blanks(template: StatementTemplate) -> None:
    text = render(template, Facts())
    assert not MISSHAPEN.search(text), text
    assert "None" not in text
    assert len(text) <= LONGEST
    assert blanks(text)


@each
def test_with_every_fact_it_reads_well_and_fits_on_a_telephone(template: StatementTemplate) -> None:
    text = render(template, FULL)
    assert not MISSHAPEN.search(text), text
    assert len(text) <= LONGEST


@given(known=st.sets(st.sampled_from(NAMES)))
def test_whichever_facts_are_known_nothing_dangles(known: set[str]) -> None:
    facts = replace(FULL, **{name: "" for name in NAMES if name not in known})
    for playbook_id, template in TEMPLATES:
        text = render(template, facts)
        assert not MISSHAPEN.search(text), f"{playbook_id}, {template.key}: {text}"


@each
def test_it_says_nothing_that_nobody_believes(template: StatementTemplate) -> None:
    assert not FORBIDDEN.search(render(template, Facts()) + render(template, FULL))


@each
def test_what_is_done_comes_before_why_it_happened(template: StatementTemplate) -> None:
    text = render(template, FULL)
    if FULL.cause in text:
        done = [text.index(fact) for fact in (FULL.action, FULL.remedy) if fact in text]
        assert done
        assert min(done) < text.index(FULL.cause)


@each_of_an_incident
def test_it_says_where_people_get_help(template: StatementTemplate) -> None:
    assert FULL.help in render(template, FULL)


@each_of_an_incident
def test_a_first_word_and_an_update_say_when_the_next_comes(template: StatementTemplate) -> None:
    if template.kind is HOLDING or template.key == "update":
        assert FULL.next_update in render(template, FULL)


@pytest.mark.parametrize("template", load("misinformation").statements, ids=lambda template: template.key)
def test_a_correction_of_a_rumour_stands_beside_no_apology(template: StatementTemplate) -> None:
    assert not re.search(r"sorry|apolog", render(template, Facts()), re.IGNORECASE)


@pytest.mark.parametrize("template", load("praise").statements, ids=lambda template: template.key)
def test_thanks_ask_for_nothing_and_sell_nothing(template: StatementTemplate) -> None:
    text = render(template, Facts())
    assert "Thank you" in text
    assert not re.search(r"share|rate|review|buy|order|offer|discount|shop|follow us|code", text, re.IGNORECASE)


def test_the_safety_instruction_is_the_first_thing_that_is_read() -> None:
    holding = next(one for one in load("product-safety").statements if one.kind is HOLDING)
    assert render(holding, FULL).startswith("Please do this now: [")


@pytest.mark.parametrize("template", load("data-breach").statements, ids=lambda template: template.key)
def test_what_is_said_of_a_breach_never_takes_a_number_from_the_posts(template: StatementTemplate) -> None:
    assert not re.search(r"\{\{ *(people|mentions)\b", template.text)
