"""Where in a text stands what a query found, for people to see."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mentions.folding import fold, spell
from mentions.query.characters import goes_on
from mentions.query.finding import Finder, Span
from mentions.query.terms import Query, Term, asked_for


def marks(query: Query, text: str) -> tuple[Span, ...]:
    """Start and end of everything in a text that a query asks for, in the order of the text, none in another."""
    sought = dict.fromkeys(asked_for(query))
    found = Finder(sought, sought).find(text)
    forms: dict[bool, _Form | None] = {}
    spans: list[Span] = []
    for number, leaf in enumerate(sought):
        exact = isinstance(leaf, Term) and leaf.exact
        if number in found.places and exact not in forms:
            forms[exact] = _form(text, spell if exact else fold, found.spelled if exact else found.folded)
        if form := forms.get(exact):
            whole = isinstance(leaf, Term) and leaf.prefix
            spans += (_in_text(form, place, text, whole=whole) for place in found.places.get(number, ()))
    return tuple(_joined(sorted(spans)))


@dataclass(frozen=True, slots=True)
class _Form:
    """For each character of a form of a text, the piece of the text that it came from."""

    starts: list[int]
    ends: list[int]


def _form(text: str, change: Callable[[str], str], expected: str) -> _Form | None:
    """Made piece by piece, a letter with its marks at a time, because folding changes lengths.

    None where pieces come to something else than the whole, as they may where conjoining letters meet.
    """
    heads = [at for at, character in enumerate(text) if not at or not unicodedata.combining(character)]
    characters: list[tuple[str, int, int]] = []
    for start, end in zip(heads, [*heads[1:], len(text)], strict=True):
        for character in change(text[start:end]):
            if not character.isspace():
                characters.append((character, start, end))
            elif characters and characters[-1][0] != " ":
                characters.append((" ", start, end))
    if "".join(character for character, _, _ in characters).rstrip(" ") != expected:
        return None
    return _Form([start for _, start, _ in characters], [end for _, _, end in characters])


def _in_text(form: _Form, place: Span, text: str, *, whole: bool) -> Span:
    start, end = form.starts[place[0]], form.ends[place[1] - 1]
    while whole and end < len(text) and goes_on(text[end]):
        end += 1
    return start, end


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Those that overlap become one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
