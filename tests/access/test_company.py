from __future__ import annotations

from collections.abc import Mapping

import pytest

from access.company import Reason, Recognised, Stranger, recognise

PEOPLE = (("dana@example.com", "dana"), ("Lee.Okafor@Example.com", "lee"), ("desk@example.com", "ana"))
SHARED = (*PEOPLE, ("DESK@example.com", "ben"))
TRUE = {"email_verified": True}


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        ({"email": "dana@example.com", **TRUE}, Recognised("dana")),
        ({"email": "lee.okafor@EXAMPLE.com", "email_verified": "true"}, Recognised("lee")),
        ({"email": "eve@example.com", **TRUE}, Stranger(Reason.UNKNOWN, "eve@example.com")),
        ({"email": "dana@example.com.evil.example", **TRUE}, Stranger(Reason.UNKNOWN, "dana@example.com.evil.example")),
        ({"email": " dana@example.com", **TRUE}, Stranger(Reason.UNKNOWN, " dana@example.com")),
        # U+212A, whose small letter is k.
        ({"email": "lee.o\u212aafor@example.com", **TRUE}, Stranger(Reason.UNKNOWN, "lee.o\u212aafor@example.com")),
        ({"email": "desk@example.com", **TRUE}, Stranger(Reason.SHARED, "desk@example.com")),
        ({"email": "dana@example.com", "email_verified": False}, Stranger(Reason.UNVERIFIED, "dana@example.com")),
        ({"email": "dana@example.com", "email_verified": "false"}, Stranger(Reason.UNVERIFIED, "dana@example.com")),
        ({"email": "dana@example.com", "email_verified": 7}, Stranger(Reason.UNVERIFIED, "dana@example.com")),
        ({"email": "dana@example.com"}, Stranger(Reason.UNVERIFIED, "dana@example.com")),
        ({"email": ["dana@example.com"], **TRUE}, Stranger(Reason.NO_MAIL)),
        ({"email": "", **TRUE}, Stranger(Reason.NO_MAIL)),
        ({}, Stranger(Reason.NO_MAIL)),
    ],
)
def test_only_a_verified_address_of_one_person_is_let_in(
    claims: Mapping[str, object], found: Recognised | Stranger
) -> None:
    assert recognise(claims, SHARED, trust_email=False) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, Recognised("dana")),
        ({"email_verified": None}, Recognised("dana")),
        ({"email_verified": False}, Stranger(Reason.UNVERIFIED, "dana@example.com")),
        ({"email_verified": "no"}, Stranger(Reason.UNVERIFIED, "dana@example.com")),
    ],
)
def test_where_the_settings_trust_it_silence_is_enough_and_a_no_is_still_a_no(
    said: Mapping[str, object], found: Recognised | Stranger
) -> None:
    assert recognise({"email": "dana@example.com", **said}, PEOPLE, trust_email=True) == found
