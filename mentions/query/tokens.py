"""What each token of ``grammar.lark`` stands for, and what can be wrong inside it."""

from __future__ import annotations

import re
import unicodedata

from mentions.folding import fold
from mentions.query.characters import is_unspaced, is_word_character
from mentions.query.problems import Misread, quoted
from mentions.query.terms import Field, Handle, Is, Tag, Term

QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02'  # as in the grammar
FARTHEST = 100
# A stem of fewer letters is found in nearly every text; where a letter is a syllable or more, one fewer will do.
_SHORTEST_STEM = 3
_HANDLE = re.compile(r"\w(?:[\w.-]*\w)?(?:@\w(?:[\w.-]*\w)?)?")
_SITE = re.compile(r"\w(?:[\w.-]*\w)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")
_UNSEEN = {"Cc", "Cs"}
_AS_IT_STANDS = "{}; put it in quotes to look for it as it stands."
_EXAMPLES = {
    Field.AUTHOR: '"Ana Lima"',
    Field.SITE: "example.com",
    Field.SOURCE: "forum",
    Field.LANGUAGE: "en",
}


def check_characters(text: str) -> None:
    """Refuse characters that nobody can have meant.

    Raises:
        Misread: there is a control character or half of one.
    """
    for at, character in enumerate(text):
        if unicodedata.category(character) in _UNSEEN and not character.isspace():
            raise Misread(at, f"there is a character that cannot be seen (U+{ord(character):04X})", "Take it out.")


def term_of_word(at: int, written: str) -> Term:
    """A word outside quotes, at a position in the query.

    Raises:
        Misread: it looks like an operator of another search language, or has a star where none can be.
    """
    exact = len(written) > 1 and written.startswith("=")
    word = written[exact:]
    if problem := _foreign(word):
        raise Misread(at, *problem)
    if "*" in word[:-1]:
        raise _lone_star(at + exact + word.index("*"))
    return _checked(at, Term((word.removesuffix("*"),), word.endswith("*"), exact))


def term_of_phrase(at: int, written: str) -> Term:
    r"""A word or phrase in quotes, in which ``\`` takes a quote, a star and itself as they are.

    Raises:
        Misread: nothing is in it, or a star elsewhere than at its end.
    """
    exact = written.startswith("=")
    pieces = re.findall(r"\\\S|[\s\S]", written[exact + 1 : -1])
    while pieces and pieces[-1].isspace():
        pieces.pop()
    prefix = pieces[-1:] == ["*"]
    if prefix:
        pieces.pop()
    if "*" in pieces or (prefix and (not pieces or pieces[-1].isspace())):
        first = pieces.index("*") if "*" in pieces else len(pieces)
        raise _lone_star(at + exact + 1 + len("".join(pieces[:first])))
    words = tuple(map(unescaped, "".join(pieces).split()))
    if not words:
        raise Misread(at, "there is no word in these quotes", "Write between them what is to be found.")
    return _checked(at, Term(words, prefix, exact))


def handle_of(at: int, written: str) -> Handle:
    """An account, with or without its server.

    Raises:
        Misread: it is no name of an account.
    """
    if not _HANDLE.fullmatch(written[1:]):
        remedy = "Write it as @name or @name@server; put other things in quotes."
        raise Misread(at, f"{quoted(written)} is no account", remedy)
    return Handle(written[1:])


def tag_of(at: int, written: str) -> Tag:
    """A tag.

    Raises:
        Misread: it holds something else than letters, digits and low lines.
    """
    if not written[1:] or not all(map(is_word_character, written[1:])):
        remedy = "A tag is made of letters, digits and _; put other things in quotes."
        raise Misread(at, f"{quoted(written)} is no tag", remedy)
    return Tag(written[1:])


def field_of(at: int, written: str) -> Is:
    """A field and its value, in quotes or not.

    Raises:
        Misread: there is no such field, or it cannot have this value.
    """
    name, _, value = written.partition(":")
    if name.lower() not in set(Field):
        known = tuple(f"{field.value}:" for field in Field)
        raise Misread(at, f"there is no field {quoted(name + ':')}", "Put it in quotes to look for it in texts.", known)
    field = Field(name.lower())
    if value and value[0] in QUOTES:
        value = " ".join(unescaped(value[1:-1]).split())
    elif "*" in value:
        raise Misread(at + written.index("*"), "a star cannot stand in the value of a field", "Write it in full.")
    if problem := _unfit(field, value):
        raise Misread(at + len(name) + 1, *problem)
    return Is(field, value)


def distance_of(at: int, written: str) -> int:
    """How many words may stand between two terms.

    Raises:
        Misread: no number, or one too large.
    """
    number = written.removeprefix("NEAR").removeprefix("/")
    if not (number.isascii() and number.isdigit()) or int(number[:9]) > FARTHEST:
        remedy = 'Write NEAR/5 for at most five words between; write "NEAR" in quotes to look for the word.'
        raise Misread(at, f"NEAR needs a number of words from 0 to {FARTHEST}", remedy, ("NEAR/5",))
    return int(number)


def unescaped(written: str) -> str:
    r"""Without the ``\`` that takes the next character as it is."""
    return re.sub(r"\\(\S)", r"\1", written)


def _foreign(word: str) -> tuple[str, str] | None:
    """What people write out of habit with other search languages, where it would be looked for as it stands."""
    if word[0] in "-!" and len(word) > 1:
        return f'"{word[0]}" does not exclude', _AS_IT_STANDS.format("Write NOT before it")
    if word[0] in "'\u2018":
        return "a phrase does not begin with a single quote", 'Write "double quotes" around it.'
    if word[-1] in ",;":
        return f'"{word[-1]}" belongs to no word', "Write spaces or OR between words, and phrases in quotes."
    if word.isascii() and not any(map(str.isalnum, word)) and word != "*":
        return f"{quoted(word)} is no word", _AS_IT_STANDS.format("Join words by AND, OR or NOT")
    return None


def _lone_star(at: int) -> Misread:
    remedy = r'Write it right after the letters a word begins with, as in delay*; write "\*" to look for a star itself.'
    return Misread(at, "a star stands elsewhere than at the end of a word", remedy)


def _checked(at: int, term: Term) -> Term:
    folded = fold(term.phrase)
    letters = sum(map(str.isalnum, folded)) + any(map(is_unspaced, folded))
    if term.prefix and letters < _SHORTEST_STEM:
        problem = f"too many words begin with {quoted(term.phrase)}"
        raise Misread(at, problem, f"Write at least {_SHORTEST_STEM} letters before the star.")
    if not folded.strip():
        raise Misread(at, "there is nothing visible to look for", "Write a word.")
    return term


def _unfit(field: Field, value: str) -> tuple[str, str] | None:
    if not fold(value).strip():
        example = f"{field.value}:{_EXAMPLES[field]}"
        return f"{field.value}: has no value", f"Write it right after the colon, as in {example}."
    if field is Field.SITE and not _SITE.fullmatch(value):
        return f"{quoted(value)} is no site", "Write the name of the site alone, as in site:example.com."
    if field is Field.LANGUAGE and not _LANGUAGE.fullmatch(value):
        return f"{quoted(value)} is no language", "Write its code of two or three letters, as in lang:en."
    return None
