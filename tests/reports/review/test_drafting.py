from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from incidents.incident import REPORTED, EventKind, Status
from incidents.promises import Promised
from playbooks.playbook import Severity
from reports.review.contents import About, Edits, Finding
from reports.review.drafting import draft
from reports.review.record import Action, Comment, Figures, Material, Record
from tests.airline_crisis import Said, after, crisis, crisis_record, happened, incident, step

HOLDING = Said("holding", "Holding statement", "We are on it.", after(72), None, "jo", "ana")


def with_record(**changes: object) -> Material:
    return crisis(replace(crisis_record(), **changes))  # type: ignore[arg-type]  # a test names only what it is about


def bare(**changes: object) -> Material:
    """The crisis without steps, statements and promises, so that a test sees its own finding only."""
    given = {"steps": (), "first_public_at": after(10), **changes}
    return replace(with_record(**given), statements=(), promises=())


def failures(material: Material) -> list[tuple[About, str]]:
    return [(one.about, one.text) for one in draft(material).findings if one.about is not None]


def test_the_summary_says_in_three_sentences_what_happened_how_loud_it_was_and_how_it_was_answered() -> None:
    assert draft(crisis()).texts.summary == (
        "“Northwind Air: many people are complaining” was opened at SEV3 on Tuesday 12 May 2026 at 14:20 CEST, "
        "12 minutes after the rise began. 630 mentions by 412 people were counted, 330 of whom complained; the most "
        "were 96 in 15 minutes at 14:30, where about 6 are usual, and counts were back to usual at 16:45. Jo Rivera "
        "had it after 4 minutes, the first public answer came after 1 hour 12 minutes (12 minutes late), and it was "
        "resolved after 6 hours 40 minutes, with 3 of 5 steps in time."
    )


def running(record: Record) -> Record:
    return replace(record, incident=replace(record.incident, status=Status.OPEN, resolved_at=None))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: replace(m, wave=None), "630 mentions by 412 people were counted, 330 of whom complained."),
        (lambda m: replace(m, figures=Figures(), wave=None), "No mentions were counted."),
        (lambda m: replace(m, record=replace(m.record, drill=True)), "In a drill, “Northwind Air"),
        (lambda m: replace(m, record=running(m.record)), "and it is not resolved yet."),
        (lambda m: replace(m, statements=()), "there was no public answer"),
        (lambda m: replace(m, statements=(), record=running(m.record)), "there is no public answer yet"),
        (
            lambda m: replace(m, record=replace(m.record, incident=incident(kind=REPORTED))),
            "was reported by hand at SEV3",
        ),
        (
            lambda m: replace(m, record=replace(m.record, events=(), incident=incident(acknowledged_at=None))),
            "Nobody acknowledged it, ",
        ),
    ],
)
def test_the_summary_says_only_what_is_known(change: Callable[[Material], Material], said: str) -> None:
    assert said in draft(change(crisis())).texts.summary


@pytest.mark.parametrize(
    ("material", "about", "text"),
    [
        (
            bare(steps=(step(3, "Publish a holding statement.", 60, 72),)),
            About.PROCESS,
            "“Publish a holding statement” was done 12 minutes late.",
        ),
        (bare(steps=(step(1, "Pause posts", 60, None),)), About.PROCESS, "“Pause posts” was left open."),
        (
            bare(steps=(step(1, "Pause posts", 60, None),), skipped={1: "nothing was scheduled"}),
            About.PROCESS,
            "“Pause posts” was skipped. Nothing was scheduled.",
        ),
        (
            bare(steps=(step(1, "Pause posts", 60, None),), skipped={1: " "}),
            About.PROCESS,
            "“Pause posts” was skipped. No reason was given.",
        ),
        (bare(first_public_at=None), About.PROCESS, "There was no public answer."),
        (
            bare(first_public_at=after(90)),
            About.PROCESS,
            "The first public answer went out 30 minutes late, 1 hour 30 minutes after the alarm.",
        ),
        (
            replace(bare(first_public_at=None), statements=(HOLDING,)),
            About.PROCESS,
            "The holding statement went out 12 minutes late, 1 hour 12 minutes after the alarm.",
        ),
        (
            bare(events=(happened(95, EventKind.ACKNOWLEDGED, "jo", "Jo has it."),)),
            About.PEOPLE,
            "It was acknowledged 1 hour 5 minutes late, 1 hour 35 minutes after the alarm.",
        ),
        (bare(events=(), incident=incident(acknowledged_at=None)), About.PEOPLE, "Nobody acknowledged it."),
        (
            bare(events=(happened(1, EventKind.ALERT_FAILED, "groundswell", "No."),)),
            About.TECHNOLOGY,
            "A letter about it could not be delivered.",
        ),
        (
            bare(events=(happened(500, EventKind.REOPENED, "groundswell", "Back."),) * 2),
            About.PROCESS,
            "It came back twice after it had been resolved.",
        ),
        (
            replace(
                bare(), promises=(Promised("public", after(60), after(74)), Promised("public", after(90), after(90)))
            ),
            About.PROCESS,
            "1 of 2 promised updates came late, by 14 minutes.",
        ),
        (
            replace(bare(), promises=(Promised("public", after(60)),)),
            About.PROCESS,
            "1 of 1 promised update was not given.",
        ),
        (
            replace(bare(), statements=(replace(HOLDING, approved_by=None),)),
            About.PROCESS,
            "“Holding statement” was published without a second pair of eyes.",
        ),
        (
            replace(bare(), statements=(replace(HOLDING, approved_by="jo"),)),
            About.PROCESS,
            "“Holding statement” was published without a second pair of eyes.",
        ),
    ],
)
def test_a_finding_is_one_plain_sentence(material: Material, about: About, text: str) -> None:
    assert failures(material) == [(about, text)]


def test_what_went_well_is_found_too() -> None:
    material = replace(
        bare(steps=(step(1, "Pause posts", 60, 5),)), promises=(Promised("public", after(60), after(60)),)
    )
    assert failures(material) == []
    assert draft(material).texts.worked.splitlines() == [
        "It was acknowledged after 4 minutes; the limit was 1 hour.",
        "The first public answer went out after 10 minutes; the limit was 4 hours.",
        "1 of 1 step was done in time.",
        "The promised update came in time.",
    ]
    assert draft(material).texts.process == "Nothing in the record points to process."
    assert draft(material).texts.changes == ""


def test_a_statement_at_a_mild_severity_needs_no_second_reader() -> None:
    mild = incident(severity=Severity.SEV3)
    alone = (replace(HOLDING, approved_by=None),)
    assert failures(replace(bare(incident=mild, events=crisis_record().events[:5]), statements=alone)) == []


def test_what_was_published_after_the_first_answer_is_not_called_the_first() -> None:
    texts = [text for _, text in failures(replace(bare(first_public_at=after(65)), statements=(HOLDING,)))]
    assert texts == ["The first public answer went out 5 minutes late, 1 hour 5 minutes after the alarm."]


def test_the_same_advice_is_given_once() -> None:
    late = tuple(Promised("public", after(60 * hour), after(60 * hour + 9)) for hour in (1, 2))
    material = replace(bare(), promises=(*late, Promised("public", after(180))))
    assert draft(material).texts.changes.splitlines() == [
        "Promise updates for times that can be kept.",
        "Name who writes the next update whenever one is promised.",
    ]


def test_what_people_wrote_takes_the_place_of_the_draft_even_where_they_struck_it_out() -> None:
    action = Action("Test the second system every month", "Ana Sousa", date(2026, 6, 1))
    review = draft(
        crisis(), Edits(summary="It was the rostering.", process="", technology="It failed.", actions=(action,))
    )
    assert review.texts.summary == "It was the rostering."
    assert (review.texts.process, review.texts.technology) == ("", "It failed.")
    assert review.texts.people == "Nothing in the record points to people."
    assert review.actions == (action,)
    assert (
        Finding("“Review, and fix the cause” was left open.", About.PROCESS, review.findings[-2].remedy)
        in review.findings
    )


def test_the_review_names_people_and_keeps_every_row_in_order() -> None:
    record = crisis_record()
    comments = (Comment(after(900), "kim", "Later."), Comment(after(800), "ana", "Sooner."))
    review = draft(replace(crisis(replace(record, events=record.events[::-1])), comments=comments))
    assert review.head.owners == ("Jo Rivera", "Kim Okafor")
    assert [row.text for row in review.timeline][-1] == record.events[-1].text
    assert len(review.timeline) == len(record.events)
    assert review.timeline[-1].who == "Kim Okafor"
    assert {row.who for row in review.timeline} == {"Groundswell", "Jo Rivera", "Kim Okafor", "Ana Sousa"}
    assert [row.text for row in review.hand_overs] == ["Jo Rivera handed it over to Kim Okafor."]
    assert [comment.by for comment in review.comments] == ["Ana Sousa", "Kim Okafor"]
    assert [step.done_by for step in review.steps[:2]] == ["Jo Rivera", "Jo Rivera"]
    assert [(one.severity, one.previous) for one in review.head.severities] == [
        (Severity.SEV3, None),
        (Severity.SEV2, Severity.SEV3),
    ]


def test_silent_customers_are_estimated_by_a_factor_that_a_team_can_set() -> None:
    figures = crisis().figures
    assert figures.silent.estimate == 330 * 26
    assert replace(figures, factor=10).silent.estimate == 3300
