"""Who somebody is whom a company's own sign-in vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why somebody is not let in, in words for the audit."""

    NO_MAIL = "no address given"  # the provider does not say which mail address they have
    UNVERIFIED = "address not verified"  # it does not say that the address is really theirs
    UNKNOWN = "address not known here"  # nobody here has it
    SHARED = "address of more than one person"  # more than one person here has it


@dataclass(frozen=True, slots=True)
class Recognised:
    """Somebody of the settings.

    Attributes:
        person: their id.
    """

    person: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is not let in.

    Attributes:
        mail: the address that the provider gave, which may be anything; empty where it gave none.
    """

    reason: Reason
    mail: str = ""


def recognise(
    claims: Mapping[str, object], people: Iterable[tuple[str, str]], *, trust_email: bool
) -> Recognised | Stranger:
    """Find the person whom a provider's claims (OpenID Connect Core 1.0, section 5.1) are about.

    Args:
        claims: what the provider says, its signature checked.
        people: mail address and id of each person.
        trust_email: take an address of which the provider does not say whether it is verified; never one of which it
            says that it is not.
    """
    mail = claims.get("email")
    if not isinstance(mail, str) or not mail:
        return Stranger(Reason.NO_MAIL)
    # Some providers write the truth as a text.
    verified = claims.get("email_verified")
    if verified not in {True, "true"} and not (verified is None and trust_email):
        return Stranger(Reason.UNVERIFIED, mail)
    found = [person for address, person in people if _same(address, mail)]
    if len(found) == 1:
        return Recognised(found[0])
    return Stranger(Reason.SHARED if found else Reason.UNKNOWN, mail)


def _same(one: str, other: str) -> bool:
    """Case counts only beyond ASCII, where different letters have the same small one: U+212A is no K.

    https://eng.getwisdom.io/hacking-github-with-unicode-dotless-i/
    """
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())
