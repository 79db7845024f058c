from __future__ import annotations

from datetime import timedelta

import pytest

from mentions.redaction import Redaction
from tests.settings.conftest import COMPLETE, Desk

SECRETS = {"SMTP_PASSWORD": "correct horse", "PRIVACY_KEY": "sixteen letters!", "SHORT": "fifteen letters"}


def test_without_a_word_about_it_names_and_texts_are_kept_for_good(desk: Desk) -> None:
    privacy = desk.load().privacy
    assert (privacy.redaction, privacy.keep) == (Redaction(None, mask=False), None)


def test_what_a_team_wants_left_out_is_read(desk: Desk) -> None:
    section = "privacy:\n  authors: pseudonyms\n  key: ${PRIVACY_KEY}\n  mask: true\n  keep: 90d\n"
    privacy = desk.load(COMPLETE + section, SECRETS).privacy
    assert privacy.redaction == Redaction(b"sixteen letters!", mask=True)
    assert privacy.keep == timedelta(days=90)
    assert "sixteen" not in repr(privacy)


def test_a_key_alone_makes_no_pseudonyms(desk: Desk) -> None:
    assert desk.load(COMPLETE + "privacy: {key: '${PRIVACY_KEY}'}\n", SECRETS).privacy.redaction == Redaction()


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("privacy: {authors: pseudonyms}", "Pseudonyms need a key. Write key: ${PRIVACY_KEY}"),
        ("privacy: {authors: pseudonyms, key: '${SHORT}'}", "The key is too short to protect anybody. Give it 16"),
        ("privacy: {authors: pseudonyms, key: written out here}", "is secret and must not stand in the file"),
        ("privacy: {authors: initials}", "is not one of the choices. Write names or pseudonyms."),
        ("privacy: {keep: 2h}", "is too short. The shortest is 1d."),
        ("privacy: {forget: ana}", "is not a key that belongs here."),
    ],
)
def test_what_would_not_protect_anybody_is_refused(desk: Desk, section: str, said: str) -> None:
    (line,) = desk.complaints(f"{COMPLETE}{section}\n", SECRETS)
    assert said in line
