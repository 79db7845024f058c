"""Who reads the page that is being made: what templates may ask of them.

It stands in a context variable, because macros of other files see no values of a page.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from markupsafe import Markup

from access.roles import Permission

FORM_TOKEN = "csrf"  # noqa: S105  # the name of a field


@dataclass(frozen=True, slots=True)
class Reader:
    """What a page needs to know of its reader.

    Attributes:
        form_token: what every form has to bring along; empty where nobody has to sign in.
        trusted: nobody has to sign in, and who one is stands in a cookie.
    """

    permissions: frozenset[Permission] = frozenset()
    form_token: str = ""
    trusted: bool = False


_NOBODY = Reader()
_READER: ContextVar[Reader] = ContextVar("reader", default=_NOBODY)


def read_by(reader: Reader) -> None:
    """What is made from here on is for this reader; holds until the answer is sent."""
    _READER.set(reader)


def reader() -> Reader:
    """Who reads."""
    return _READER.get()


def csrf() -> Markup:
    """The hidden field that every form that changes something carries right behind its tag."""
    token = reader().form_token
    return Markup('<input type="hidden" name="{}" value="{}">').format(FORM_TOKEN, token) if token else Markup()


def may(permission: str) -> bool:
    """Whether the reader's role has a permission, so that pages offer what can be done."""
    return Permission(permission) in reader().permissions
