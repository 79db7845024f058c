"""Reading a brand query from text."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from mentions.query import tokens
from mentions.query.problems import Misread, QueryError
from mentions.query.terms import And, Handle, Is, Near, Not, Or, Query, Tag, Term, holds_of_nothing
from mentions.query.writing import write

__all__ = ["DEEPEST", "LONGEST", "QueryError", "parse", "write"]

LONGEST = 10_000
DEEPEST = 50
_MOST_PAIRS = 400
_NAMES = {
    "WORD": "a word, phrase, @account, #tag or field",
    "_NOT": "NOT",
    "_OPEN": "(",
    "_CLOSE": ")",
    "_AND": "AND",
    "_OR": "OR",
    "NEAR": "NEAR/5",
    "$END": "the end",
}


@lru_cache(maxsize=2_048)  # a query never changes, and is asked for at every visit of every source
def parse(text: str) -> Query:
    """The query that a text stands for.

    Raises:
        QueryError: it stands for none, or for one that nearly every text matches.
    """
    try:
        if len(text) > LONGEST:
            problem = f"the query goes on beyond {LONGEST:,} characters"
            raise Misread(LONGEST, problem, "Shorten it, or spread it over several brands.")  # noqa: TRY301
        tokens.check_characters(text)
        query = _read(text)
        if holds_of_nothing(query):
            problem = "this matches every text that does not hold what it excludes"
            raise Misread(0, problem, "Say also what must be found, as in: acme NOT records.")  # noqa: TRY301
    except Misread as misread:
        raise misread.of(text) from None
    return query


class _Place:
    """Where the reader of a query is.

    Attributes:
        before: the token before this one.
        opened: the parentheses that are open.
    """

    def __init__(self) -> None:
        self.before: Token | None = None
        self.opened: list[Token] = []
        self._depths = [0]
        self._depth = 0

    def enter(self, token: Token) -> None:
        """Count how deep the token stands.

        Raises:
            Misread: deeper than queries may go.
        """
        if token.type in {"_OPEN", "_NOT"}:
            self._depth += 1
        if token.type == "_OPEN":
            self.opened.append(token)
            self._depths.append(self._depth)
        elif token.type == "_CLOSE" and self.opened:
            self.opened.pop()
            self._depths.pop()
        if token.type != "_NOT":
            self._depth = self._depths[-1]
        if self._depth > DEEPEST:
            remedy = "Take out parentheses, or spread it over several brands."
            raise Misread(_start(token), f"this stands more than {DEEPEST} levels deep", remedy)


def _read(text: str) -> Query:
    """Token by token, so that what is wrong is met where it stands and nothing grows deeper than is allowed."""
    parser = _grammar().parse_interactive(text)
    place = _Place()
    for token in parser.lexer_thread.lex(parser.parser_state):  # type: ignore[no-untyped-call]
        if token.type == "UNCLOSED":
            raise Misread(_start(token), "this quote is never closed", "Close it, or take it out.")
        _feed(parser, token, place)
        place.enter(token)
        place.before = token
    query: Query = _feed(parser, Token("$END", "", len(text)), place)
    return query


def _feed(parser: InteractiveParser, token: Token, place: _Place) -> Query:
    try:
        return parser.feed_token(token)  # type: ignore[no-any-return]  # the last token brings the query
    except UnexpectedToken:
        # Some reductions are done before a token is found to be out of place; what is accepted stays the same.
        accepted = parser.accepts()  # type: ignore[no-untyped-call]
        expected = tuple(words for name, words in _NAMES.items() if name in accepted)
        raise Misread(_start(token), *_out_of_place(token, place), expected) from None


def _out_of_place(token: Token, place: _Place) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    before = place.before
    if token.type == "_CLOSE" and not place.opened:
        return "this parenthesis was never opened", "Take it out, or open it before what it should hold."
    if before is None:
        return _at_begin(token)
    if _ends_operand(before):
        return _behind_operand(token, place)
    if before.type == "NEAR":
        return "NEAR is not followed by a term", "Write the word or phrase that is to stand near."
    if token.type == "_CLOSE" and before.type == "_OPEN":
        return "there is nothing between these parentheses", "Write what is to be found, or take them out."
    return f"nothing stands after {before}", f"Write what is to be found after {before}, or take it out."


def _at_begin(token: Token) -> tuple[str, str]:
    if token.type == "$END":
        return "there is no query", "Write what is to be found, at least the brand's name."
    return f"nothing stands before {token}", f"Write what is to be found before {token}."


def _behind_operand(token: Token, place: _Place) -> tuple[str, str]:
    """Only two things cannot stand there: the end while a parenthesis is open, and NEAR behind NEAR."""
    if token.type == "$END":
        return f"the parenthesis opened at character {_start(place.opened[-1]) + 1} is not closed", "Close it."
    return "NEAR joins two terms, no more", "Join further ones by AND, as in: a NEAR/5 b AND b NEAR/5 c."


def _ends_operand(token: Token) -> bool:
    return token.type in {"WORD", "PHRASE", "HANDLE", "TAG", "FIELD", "_CLOSE"}


def _start(token: Token) -> int:
    return token.start_pos or 0


class _Builder(Transformer[Token, Query]):
    """Makes terms of what the grammar found."""

    def either(self, parts: list[Query]) -> Query:
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, parts: list[Query]) -> Query:
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def opposite(self, parts: list[Query]) -> Query:
        return Not(parts[0])

    def group(self, parts: list[Query]) -> Query:
        return parts[0]

    def near(self, parts: tuple[Query, Token, Query]) -> Query:
        left, operator, right = parts
        distance = tokens.distance_of(_start(operator), operator)
        pairs = list(product(_alternatives(left, operator), _alternatives(right, operator)))
        if len(pairs) > _MOST_PAIRS:
            problem = f"these make {len(pairs):,} pairs of terms"
            raise Misread(_start(operator), problem, f"Keep to {_MOST_PAIRS}, or write several queries.")
        nears = tuple(Near(one, other, distance) for one, other in pairs)
        return nears[0] if len(nears) == 1 else Or(nears)

    def word(self, found: list[Token]) -> Term:
        return tokens.term_of_word(_start(found[0]), found[0])

    def phrase(self, found: list[Token]) -> Term:
        return tokens.term_of_phrase(_start(found[0]), found[0])

    def handle(self, found: list[Token]) -> Handle:
        return tokens.handle_of(_start(found[0]), found[0])

    def tag(self, found: list[Token]) -> Tag:
        return tokens.tag_of(_start(found[0]), found[0])

    def field(self, found: list[Token]) -> Is:
        return tokens.field_of(_start(found[0]), found[0])


def _alternatives(operand: Query, near: Token) -> tuple[Term, ...]:
    """The terms of one side of NEAR: one, or several in parentheses with OR between them."""
    sides = operand.parts if isinstance(operand, Or) else (operand,)
    terms = tuple(side for side in sides if isinstance(side, Term))
    if len(terms) < len(sides):
        remedy = 'Put @accounts and #tags in quotes here; write alternatives as in: acme NEAR/5 (late OR "on hold").'
        raise Misread(_start(near), "NEAR joins words and phrases", remedy)
    return terms


@cache
def _grammar() -> Lark:
    text = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", transformer=_Builder())
