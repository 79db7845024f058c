"""Who has an incident: exactly one person, and a hand-over that is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Status
from incidents.ownership import accept, acknowledge, assign, decline, offer, take_over
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, OPENED, RESOLVED, made, opened, refused

CLEO = Actor("cleo", "Cleo Park")
NAMES = {person.id: person.name for person in (DANA, BEN, CLEO)}
OFFERED = made(offer(ACKNOWLEDGED, DANA, BEN, LATER)).incident


class TestAcknowledging:
    def test_the_owner_says_i_have_it(self) -> None:
        change = made(acknowledge(opened(), DANA, LATER))
        assert (change.incident.status, change.incident.acknowledged_at) == (Status.ACKNOWLEDGED, LATER)
        assert change.event.text == "Dana Reyes has it."

    def test_whoever_says_so_has_it(self) -> None:
        change = made(acknowledge(opened(), BEN, LATER))
        assert change.incident.owner == "ben"
        assert change.event.text == "Ben Ortiz has it and owns it from now on."
        assert change.event.facts == {"owner": "ben", "previous_owner": "dana"}

    def test_the_second_to_say_so_hears_who_was_faster_and_when(self) -> None:
        text = "It was acknowledged already, on 2031-05-06 at 13:58 UTC; dana has it."
        assert refused(acknowledge(ACKNOWLEDGED, BEN, LATER)) == text
        assert refused(acknowledge(ACKNOWLEDGED, DANA, LATER)).endswith("you have it.")


class TestOffering:
    def test_it_stays_with_its_owner_until_the_other_one_answers(self) -> None:
        change = made(offer(ACKNOWLEDGED, DANA, BEN, LATER))
        assert (change.incident.owner, change.incident.offered_to) == ("dana", "ben")
        assert (change.event.kind, change.event.text) == (
            EventKind.OFFERED,
            "Dana Reyes asked Ben Ortiz to take it over.",
        )
        assert change.event.facts == {"offered_to": "ben", "owner": "dana"}

    def test_offering_what_nobody_acknowledged_leaves_it_unacknowledged(self) -> None:
        assert made(offer(opened(), DANA, BEN, LATER)).incident.status == Status.OPEN

    def test_asking_somebody_else_takes_the_first_question_back(self) -> None:
        change = made(offer(OFFERED, DANA, CLEO, LATER, NAMES))
        assert change.incident.offered_to == "cleo"
        assert change.event.text == "Dana Reyes asked Cleo Park to take it over, instead of Ben Ortiz."

    def test_asking_oneself_is_taking_it_over(self) -> None:
        assert made(offer(ACKNOWLEDGED, BEN, BEN, LATER)) == made(take_over(ACKNOWLEDGED, BEN, LATER))

    def test_it_is_offered_neither_to_its_owner_nor_twice(self) -> None:
        assert refused(offer(ACKNOWLEDGED, BEN, DANA, LATER)) == "Dana Reyes has it already."
        assert refused(offer(OFFERED, DANA, BEN, LATER)) == "Ben Ortiz was asked already and has not answered."


class TestAnswering:
    def test_whoever_says_yes_owns_it_and_the_timeline_says_from_whom(self) -> None:
        change = made(accept(OFFERED, BEN, LATER, NAMES))
        assert (change.incident.owner, change.incident.offered_to) == ("ben", None)
        assert change.event.text == "Ben Ortiz took it over from Dana Reyes."
        assert change.event.facts == {"owner": "ben", "previous_owner": "dana"}
        assert change.incident.acknowledged_at == ACKNOWLEDGED.acknowledged_at

    def test_saying_yes_to_what_nobody_acknowledged_acknowledges_it(self) -> None:
        asked = made(offer(opened(), DANA, BEN, LATER)).incident
        change = made(accept(asked, BEN, LATER))
        assert (change.incident.status, change.incident.acknowledged_at) == (Status.ACKNOWLEDGED, LATER)

    @pytest.mark.parametrize(
        ("incident", "actor", "says"),
        [
            (ACKNOWLEDGED, BEN, "Nobody is asked to take it over at the moment; you can take it over without being"),
            (OFFERED, CLEO, "Ben Ortiz is asked to take it over at the moment; you can take it over without being"),
            (OFFERED, DANA, "You have it already."),
            (RESOLVED, BEN, "It is resolved already, since 2031-05-06 at 13:58 UTC."),
        ],
    )
    def test_only_who_was_asked_can_say_yes(self, incident: Incident, actor: Actor, says: str) -> None:
        assert refused(accept(incident, actor, LATER, NAMES)).startswith(says)

    @pytest.mark.parametrize(
        ("actor", "reason", "text"),
        [
            (BEN, "", "Ben Ortiz cannot take it over. Dana Reyes has it."),
            (BEN, "On a train.", "Ben Ortiz cannot take it over: On a train. Dana Reyes has it."),
            (BEN, "on a train", "Ben Ortiz cannot take it over: on a train. Dana Reyes has it."),
            (DANA, "", "Dana Reyes no longer asks Ben Ortiz to take it over. Dana Reyes has it."),
        ],
    )
    def test_a_no_leaves_it_where_it_was(self, actor: Actor, reason: str, text: str) -> None:
        change = made(decline(OFFERED, actor, reason, LATER, NAMES))
        assert (change.incident.owner, change.incident.offered_to, change.event.text) == ("dana", None, text)

    def test_there_is_nothing_to_decline_where_nobody_is_asked(self) -> None:
        assert refused(decline(ACKNOWLEDGED, BEN, "", LATER)) == "Nobody is asked to take it over any more."

    def test_an_endless_reason_is_refused(self) -> None:
        assert "shorten it" in refused(decline(OFFERED, BEN, "x" * 301, LATER))


class TestTakingOver:
    def test_taking_what_nobody_acknowledged_acknowledges_it(self) -> None:
        change = made(take_over(opened(), BEN, LATER))
        assert (change.incident.status, change.incident.owner) == (Status.ACKNOWLEDGED, "ben")

    def test_taking_it_from_somebody_who_acknowledged_is_a_hand_over(self) -> None:
        change = made(take_over(ACKNOWLEDGED, BEN, LATER))
        assert (change.event.kind, change.event.text) == (EventKind.HANDED_OVER, "Ben Ortiz took it over.")
        assert change.incident.acknowledged_at == ACKNOWLEDGED.acknowledged_at

    def test_taking_it_over_ends_every_question(self) -> None:
        assert made(take_over(OFFERED, CLEO, LATER)).incident.offered_to is None

    def test_nobody_takes_over_what_they_have(self) -> None:
        assert refused(take_over(ACKNOWLEDGED, DANA, LATER)) == "You have it already."


class TestAssigning:
    @pytest.mark.parametrize("incident", [opened(), ACKNOWLEDGED, OFFERED])
    def test_whoever_it_is_given_to_has_it_without_being_asked(self, incident: Incident) -> None:
        change = made(assign(incident, DANA, CLEO, LATER))
        assert (change.incident.owner, change.incident.offered_to) == ("cleo", None)
        assert change.incident.status == incident.status
        assert change.event.text == "Dana Reyes handed it over to Cleo Park."

    def test_it_is_not_given_to_its_owner(self) -> None:
        assert refused(assign(ACKNOWLEDGED, BEN, DANA, LATER)) == "Dana Reyes has it already."


@pytest.mark.parametrize(
    "decision",
    [
        acknowledge(RESOLVED, BEN, LATER),
        offer(RESOLVED, DANA, BEN, LATER),
        accept(RESOLVED, BEN, LATER),
        decline(RESOLVED, BEN, "", LATER),
        take_over(RESOLVED, BEN, LATER),
        assign(RESOLVED, DANA, BEN, LATER),
    ],
)
def test_what_is_over_changes_hands_no_more(decision: Change | Refusal) -> None:
    assert refused(decision) == "It is resolved already, since 2031-05-06 at 13:58 UTC."


def test_an_action_with_a_clock_that_is_behind_counts_at_the_last_change() -> None:
    change = made(offer(ACKNOWLEDGED, DANA, BEN, OPENED - timedelta(hours=1)))
    assert (change.event.at, change.incident.changed_at) == (LATER, LATER)
