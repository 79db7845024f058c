"""What people write into the timeline, and who reads along."""

from __future__ import annotations

import pytest

from incidents.incident import EventKind
from incidents.remarks import NOTE_LIMIT, add_note
from tests.incidents.cases import BEN, LATER, made, opened, refused


class TestNotes:
    def test_a_note_keeps_the_words_of_its_author(self) -> None:
        change = made(add_note(opened(), BEN, "  Called the {airport}; <b>no</b> answer. ", LATER))
        assert (change.event.kind, change.event.actor) == (EventKind.NOTE, "ben")
        assert change.event.text == "Called the {airport}; <b>no</b> answer."

    @pytest.mark.parametrize("text", ["", " \n", "x" * (NOTE_LIMIT + 1)])
    def test_an_empty_or_endless_note_is_refused(self, text: str) -> None:
        assert refused(add_note(opened(), BEN, text, LATER))
