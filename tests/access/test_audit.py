from __future__ import annotations

import pytest

from access.audit import SENTENCES, AuditKind, Noted, sentence

NAMES = {"dana": "Dana Reyes", "lee": "Lee Okafor"}


@pytest.mark.parametrize("kind", list(AuditKind))
def test_everything_that_is_written_down_is_a_sentence(kind: AuditKind) -> None:
    told = sentence(Noted(kind, "dana", "lee"), NAMES)
    assert told.endswith(".")
    assert "{" not in told
    assert ("Dana Reyes" in told) is ("{person}" in SENTENCES[kind])


@pytest.mark.parametrize(
    ("noted", "told"),
    [
        (Noted(AuditKind.INVITED, "", "lee"), "Somebody at the command line invited Lee Okafor."),
        (
            Noted(AuditKind.ACCESS_CHANGED, "", "lee", {"before": "viewer", "after": "lead"}),
            "The access of Lee Okafor changed from viewer to lead.",
        ),
        (Noted(AuditKind.EXPORTED, "", "mentions.csv", address="127.0.0.1"), "Somebody took away mentions.csv."),
        (Noted(AuditKind.EXPORTED, "gone", "{0.__class__}"), "gone took away {0.__class__}."),
        (
            Noted(AuditKind.SIGN_IN_FAILED),
            "A sign-in as somebody unknown failed: wrong password or address.",
        ),
    ],
)
def test_sentences_name_people_and_take_what_strangers_wrote_as_words(noted: Noted, told: str) -> None:
    assert sentence(noted, NAMES) == told
