"""Tokens in the cursor: used until they expire, replaced when they are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sources.contract import SourceError
from sources.network.tokens import Token, with_token

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
KEPT = {"token": "old", "token_until": str(int(NOW.timestamp()) + 3_600)}


class Service:
    """Hands out the token "new", and lets in whoever shows one of ``accepted``."""

    def __init__(self, *accepted: str, permanent: bool = True) -> None:
        self.accepted = accepted
        self.permanent = permanent
        self.logins = 0

    def log_in(self) -> Token:
        self.logins += 1
        return Token("new", NOW + timedelta(hours=2))

    def use(self, token: str) -> str:
        if token not in self.accepted:
            raise SourceError("the service", "it is closed.", "Wait.", permanent=self.permanent)
        return f"read with {token}"


def test_a_token_is_asked_for_once_and_kept_until_it_expires() -> None:
    service = Service("new")
    read, kept = with_token({}, NOW, service.log_in, service.use)
    assert read == "read with new"
    again, still = with_token(kept, NOW + timedelta(hours=1), service.log_in, service.use)
    assert (again, still, service.logins) == (read, kept, 1)
    with_token(kept, NOW + timedelta(hours=2), service.log_in, service.use)
    assert service.logins == 2


@pytest.mark.parametrize(
    "cursor",
    [
        {"token": "old"},
        {"token": "old", "token_until": "soon"},
        {"token": "old", "token_until": str(int(NOW.timestamp()) + 60)},
        {"token": "", "token_until": KEPT["token_until"]},
    ],
)
def test_a_token_without_a_time_or_about_to_expire_is_not_used(cursor: dict[str, str]) -> None:
    service = Service("new", "old")
    assert with_token(cursor, NOW, service.log_in, service.use)[0] == "read with new"


def test_a_kept_token_that_is_refused_is_replaced_once() -> None:
    service = Service("new")
    read, kept = with_token(KEPT, NOW, service.log_in, service.use)
    assert (read, kept["token"]) == ("read with new", "new")
    refusing = Service()
    with pytest.raises(SourceError):
        with_token(KEPT, NOW, refusing.log_in, refusing.use)
    assert refusing.logins == 1


def test_an_outage_is_no_reason_for_a_new_token() -> None:
    service = Service("new", permanent=False)
    with pytest.raises(SourceError):
        with_token(KEPT, NOW, service.log_in, service.use)
    assert service.logins == 0


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(Token("secret", NOW))
