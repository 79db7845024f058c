"""What the matcher finds, found slowly and obviously."""

from __future__ import annotations

import re
import unicodedata

from mentions.folding import fold, spell
from mentions.mention import Mention
from mentions.query.terms import And, Field, Handle, Is, Near, Not, Or, Query, Tag, Term

# Thai and Han stand for all scripts that do not part words.
_UNPARTED = re.compile("[\u0e00-\u0e7f\u4e00-\u9fff]")
_PARTED = r"[^\W\u0e00-\u0e7f\u4e00-\u9fff]"


def holds(query: Query, mention: Mention, source: str = "") -> bool:
    match query:
        case And(parts):
            return all(holds(part, mention, source) for part in parts)
        case Or(parts):
            return any(holds(part, mention, source) for part in parts)
        case Not(part):
            return not holds(part, mention, source)
        case Near(left, right, distance):
            return is_near(in_words(left, mention.content), in_words(right, mention.content), distance)
        case _:
            return is_found(query, mention, source)


def is_found(leaf: Term | Handle | Tag | Is, mention: Mention, source: str) -> bool:
    match leaf:
        case Term():
            return bool(places(leaf, mention.content))
        case Handle(name):
            account = re.compile(rf"(?<!{_PARTED})@{re.escape(fold(name))}(?!-?{_PARTED})")
            where = (mention.content, f"@{mention.handle or ''}")
            return any(account.search(without_marks(fold(text))) for text in where)
        case Tag(name):
            tag = re.compile(rf"(?<!{_PARTED})#{re.escape(fold(name))}(?!\w)")
            return tag.search(without_marks(fold(mention.content))) is not None
        case Is(field, value):
            return fold(value).removeprefix("www.") in fields(field, mention, source)


def is_near(some: list[tuple[int, int]], others: list[tuple[int, int]], distance: int) -> bool:
    pairs = [(one, other) for one in some for other in others]
    pairs += [(other, one) for one, other in pairs]
    return any(0 <= second[0] - first[1] <= distance for first, second in pairs)


def fields(field: Field, mention: Mention, source: str) -> set[str]:
    match field:
        case Field.AUTHOR:
            handle = fold(mention.handle or "")
            return {fold(mention.author or ""), handle, handle.split("@")[0]}
        case Field.SOURCE:
            return {fold(source)}
        case Field.LANGUAGE:
            return {mention.language or ""}
        case Field.SITE:
            host = (mention.url or "").removeprefix("https://").removesuffix("/1")
            labels = host.split(".")
            return {".".join(labels[n:]) for n in range(len(labels))} - {""}


def without_marks(text: str) -> str:
    """Marks become letters, as which they count; the length stays."""
    return "".join("m" if unicodedata.category(character)[0] == "M" else character for character in text)


def form(term: Term, text: str) -> str:
    return " ".join((spell if term.exact else fold)(text).split())


def places(term: Term, text: str) -> list[tuple[int, int]]:
    text, key = form(term, text), form(term, term.phrase)
    return [
        (start, start + len(key))
        for start in range(len(text))
        if text.startswith(key, start)
        and may_touch(key[0], text[start - 1 : start] if start else "")
        and (term.prefix or may_touch(key[-1], text[start + len(key) : start + len(key) + 1]))
    ]


def may_touch(own: str, neighbour: str) -> bool:
    if not neighbour or _UNPARTED.match(own) or unicodedata.category(own) == "So" or _UNPARTED.match(neighbour):
        return True
    return not re.match(r"\w", without_marks(neighbour))


def in_words(term: Term, said: str) -> list[tuple[int, int]]:
    """How many words begin before a place begins and before it ends."""
    text = "".join(
        character if _UNPARTED.match(character) else without_marks(character) for character in form(term, said)
    )
    words = [found.start() for found in re.finditer(rf"{_UNPARTED.pattern}|{_PARTED}+(?:'{_PARTED}+)*", text)]
    return [
        (sum(word < start for word in words), sum(word < end for word in words)) for start, end in places(term, said)
    ]
