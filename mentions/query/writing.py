"""Writing a brand query as a text that is read as the same query."""

from __future__ import annotations

import re

from mentions.query.characters import is_word_character
from mentions.query.terms import And, Handle, Is, Near, Not, Or, Query, Tag, Term
from mentions.query.tokens import QUOTES

_OPERATORS = {"AND", "OR", "NOT", "NEAR"}
_INSIDE = "_.'\u2019&+/-"


def write(query: Query) -> str:
    """A text that :func:`mentions.query.parsing.parse` reads as the same query."""
    match query:
        case Not(part):
            return f"NOT {_grouped(part, And, Or)}"
        case And(parts):
            return " AND ".join(_grouped(part, And, Or) for part in parts)
        case Or(parts):
            return " OR ".join(_grouped(part, Or) for part in parts)
        case _:
            return _leaf(query)


def _leaf(query: Term | Handle | Tag | Is | Near) -> str:
    match query:
        case Term():
            return _term(query)
        case Handle(name):
            return f"@{name}"
        case Tag(name):
            return f"#{name}"
        case Is(field, value):
            return f"{field.value}:{value if _is_plain(value) else _quoted(value)}"
        case Near(left, right, distance):
            return f"{_term(left)} NEAR/{distance} {_term(right)}"


def _grouped(part: Query, *looser: type[And | Or]) -> str:
    return f"({write(part)})" if isinstance(part, looser) else write(part)


def _term(term: Term) -> str:
    exact, star = "=" if term.exact else "", "*" if term.prefix else ""
    if len(term.words) == 1 and _is_plain(term.phrase):
        return f"{exact}{term.phrase}{star}"
    words = " ".join(map(_escaped, term.words))
    return f'{exact}"{words}{star}"'


def _quoted(value: str) -> str:
    return f'"{_escaped(value)}"'


def _escaped(words: str) -> str:
    return re.sub(rf"[\\*{QUOTES}]", r"\\\g<0>", words)


def _is_plain(word: str) -> bool:
    """Whether a word needs no quotes."""
    if word in _OPERATORS or word.startswith("NEAR/"):
        return False
    ends = word[0] + word[-1]
    if not (all(map(is_word_character, ends)) and any(map(str.isalnum, word))):
        return False
    return all(c in _INSIDE or is_word_character(c) for c in word)
