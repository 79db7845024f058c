"""Numbers of phones and cards, told from all the other numbers that people write."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

PHONE, CARD, ACCOUNT = "[phone number]", "[card number]", "[account number]"

# How a number may begin that no word before it needs to explain.
_PROMISING = re.compile(r"\(?(?:\+|0\d|\d{3}|1[ .\-–]?\(?\d{3})")  # noqa: RUF001
_GROUP = re.compile(r"(?P<before>[ \t\u00a0\u2009\u202f().\-‐‑–/]{0,3})(?P<digits>\d+)")  # noqa: RUF001
_MOST_DIGITS = 19
_LEAST_CARD_GROUP = 4
_LONGEST_AREA = 5
# How many digits a number has: in full (a 0 in parentheses is one more), with its 0 at home, where it is called one.
_INTERNATIONAL, _NATIONAL, _ANY = range(8, 17), range(9, 13), range(7, 16)
_MOST_GROUPS = 8

# Country codes (ITU-T E.164, list of assigned codes of 2016).
_COUNTRY = re.compile(
    r"2(?:1[1-8]|[2346]\d|5[0-8]|9[01789])|3(?:[57]\d|8[0-35-79])|42[013]|5[09]\d|6(?:[78]\d|9[0-2])"
    r"|8(?:0[08]|5[02356]|7[08]|8[0-8])|9(?:6\d|7[0-79]|9[2-8])"
    r"|1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
)
# Where what follows the country code may begin with 0: Italy, San Marino, Ivory Coast.
_LEADING_ZERO = {"39", "378", "225"}
# The North American plan: neither area nor exchange begins with 0 or 1 (https://www.nanpa.com/numbering).
_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")
# Mobile numbers that are often written in one piece: British, German, French.
_MOBILE = re.compile(r"07\d{9}|01[5-7]\d{8,9}|0[67]\d{8}")
# Issuers by first digits, and how long their numbers are (ISO/IEC 7812-1).
_CARDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|(?:6011|64[4-9]\d|65\d{2}|62\d{2}|220[0-4]|35\d{2})\d{12,15}|(?:50|5[6-9]|6\d)\d{11,17}"
)
# What a card number may follow at once, though no other number may: its word, a sign of numbers or of money.
_CARD_AFTER = re.compile(
    r"(?:(?<![^\W_])(?:card|cc|visa|mastercard|amex|(?:kredit)?karte|tarjeta|carte)[#_]?|(?<![^\s:(])[#$€£¥])$",
    re.IGNORECASE,
)
_CARD_SEPARATORS = {"", " ", "-", "\u00a0", "\u202f"}
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)|\d{4}([./-])\d{1,2}\2\d{1,2}(?!\d)")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")

# Words that say what number follows. What stands between them and it holds no digit and no placeholder.
_CALLED = re.compile(
    r"(?<!\w)(?:tel(?:ephone|efon\w*|[ée]fono)?|t[ée]l[ée]phone|phone|mobile|mobil\w*|m[óo]vil|cell\w*|celular|handy\w*"
    r"|whats\s?app|fax|call(?:ing)?|dial|ring|text me|my number|r[üu]ckruf\w*|ll[áa]m\w+|appel\w*|portable)(?!\w)"
    r"[^\d\[\]]{0,15}$",
    re.IGNORECASE,
)
_FILED = re.compile(
    r"(?<!\w)(?:order|booking|pnr|locator|ticket|ref|reference|case|invoice|confirmation|tracking|parcel|shipment|claim|policy|id"
    r"|customer|member|membership|isbn|ean|serial|voucher|bestell\w*|auftrag\w*|rechnung\w*|kunden\w*|sendung\w*"
    r"|buchung\w*|vorgang\w*|pedido|reserva|factura|commande|facture)(?!\w)[^\d\[\]]{0,15}$",
    re.IGNORECASE,
)
_BEFORE = 40  # characters, more than any of these with what may follow it
_APART = 16  # characters that may part them from the number, and one of their own
_SPACES = frozenset(" \t\u00a0\u2009\u202f")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A number that is to be hidden, where it stands and what takes its place."""

    start: int
    end: int
    placeholder: str


class _Group(NamedTuple):
    """Digits that stand together, what stands before them, and where they end."""

    before: str
    digits: str
    end: int


_Kind = Callable[[Sequence[_Group]], bool]


def hidden_number(text: str, at: int) -> Hidden | None:
    """The phone or card number that begins at a place: a digit that none precedes, or its ``+`` or ``(``.

    What it answers depends on 40 characters before and some 60 after that place.
    """
    for start in dict.fromkeys((at, at + (text[at] == "("))):
        free = _is_free(text, start)
        if not (free or _follows_its_name(text, start)) or not (
            _PROMISING.match(text, start) or _word_before(text, start)
        ):
            continue
        groups = _groups(text, start)
        for end, placeholder in ((_card(text, groups), CARD), (_phone(text, start, groups) if free else None, PHONE)):
            if end and (text[start] != "(" or ")" in text[start:end]):
                return Hidden(start, end, placeholder)
    return None


def _is_free(text: str, at: int) -> bool:
    """Whether something may begin here, and does not go on from a word, a link or another number."""
    last, before = text[at - 1 : at], text[at - 2 : at - 1] if at > 1 else ""
    if last and (last.isalnum() or last in "_@#$€£¥]"):
        return False
    if last in {"-", "/"}:
        return not (before.isalnum() or before == "]")
    return not (last in {".", ",", "'"} and (before.isdecimal() or before == "]"))


def _follows_its_name(text: str, at: int) -> bool:
    """Whether a card number may begin here, where no other may."""
    last = text[at - 1 : at]
    return (last.isalpha() or last in "#_$€£¥") and bool(_CARD_AFTER.search(text[max(0, at - _APART) : at]))


def _word_before(text: str, at: int) -> bool:
    """Whether a word is near enough to say what a number is."""
    return any(map(str.isalpha, text[max(0, at - _APART) : at]))


def _ends(text: str, end: int) -> bool:
    """Whether something may end here."""
    following, then = text[end : end + 1], text[end + 1 : end + 2]
    if following.isalnum() or following in {"_", "@", "%"}:
        return False
    if following in {"-", "/"}:
        return not then.isalnum()
    return not (following in {".", ","} and then.isdecimal())


def _goes_on(text: str, at: int) -> bool:
    """Whether nothing but white space parts it from another number: then it may be the rest of a longer one."""
    last = text[max(0, at - _APART) : at].rstrip()[-1:]
    return last.isdecimal() or last == "]"


def _groups(text: str, start: int) -> Sequence[_Group]:
    at = start + 2 * text.startswith("(+", start) + text.startswith("+", start)
    groups: list[_Group] = []
    total = 0
    while len(groups) < _MOST_GROUPS and total <= _MOST_DIGITS and (found := _GROUP.match(text, at)):
        digits = found["digits"]
        groups.append(_Group(found["before"], digits if digits.isascii() else _ascii(digits), found.end()))
        total, at = total + len(digits), found.end()
    return groups


def _ascii(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits[: _MOST_DIGITS + 1])


def _card(text: str, groups: Sequence[_Group]) -> int | None:
    """Where a card number ends; the longest that is one, so that no part of it is left."""
    if not groups or len(groups[0].digits) < _LEAST_CARD_GROUP:
        return None
    ends = [
        group.end
        for group, digits in zip(groups, accumulate(group.digits for group in groups), strict=True)
        if len(digits) <= _MOST_DIGITS and _CARDS.fullmatch(digits) and _luhn(digits) and _ends(text, group.end)
    ]
    if not ends:
        return None
    end = ends[-1]
    between = {group.before for group in groups[1:] if group.end <= end}
    return end if between <= _CARD_SEPARATORS else None


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(each, 10)) for each in doubled) % 10 == 0


def _phone(text: str, start: int, groups: Sequence[_Group]) -> int | None:
    kinds: list[_Kind] = []
    if "+" in text[start : start + 2] or (groups and groups[0].digits.startswith("00")):
        kinds.append(_international)
    explained = text[max(0, start - _BEFORE) : start] if _word_before(text, start) else ""
    called = _CALLED.search(explained) is not None
    first = groups[0].digits if groups else ""
    if first.startswith("0") and not _goes_on(text, start):
        kinds.append(_with_trunk)
    elif len(first) in {1, 3}:
        kinds.append(_american)
    if called:
        kinds.append(_called)
    elif _FILED.search(explained):
        kinds = [kind for kind in kinds if kind is _international]
    if kinds and _DATE.match(text, start) and not _pairs(groups[:5]):
        return None
    return next((end for kind in kinds if (end := _longest(text, groups, kind))), None)


def _longest(text: str, groups: Sequence[_Group], kind: _Kind) -> int | None:
    """Where the most groups end that are a number of a kind; fewer are tried, since others may begin another one."""
    for count in range(len(groups), 0, -1):
        if kind(groups[:count]) and _ends(text, groups[count - 1].end):
            return groups[count - 1].end
    return None


def _international(groups: Sequence[_Group]) -> bool:
    """``+`` or ``00``, a country code, and what its plan allows to follow; 15 digits at most (ITU-T E.164)."""
    first = groups[0].digits.removeprefix("00")
    digits = first + "".join(group.digits for group in groups[1:])
    country = _COUNTRY.match(digits)
    enough = 11 + len(groups[0].digits) - len(first)
    if country is None or len(digits) not in _INTERNATIONAL or _is_more_than(groups, enough):
        return False
    rest = digits[country.end() :]
    if country[0] == "1":
        return _AMERICAN.fullmatch(rest) is not None
    bracketed = any("(" in group.before and group.digits.startswith("0") for group in groups)
    return not rest.startswith("0") or bracketed or country[0] in _LEADING_ZERO


def _american(groups: Sequence[_Group]) -> bool:
    """Area, exchange and line, each apart from the other: ``(555) 123-4567``, ``1-555-123-4567``."""
    if len(groups) not in {3, 4}:
        return False
    sizes = tuple(len(group.digits) for group in groups)
    digits = "".join(group.digits for group in groups)
    whole = sizes == (3, 3, 4) or (sizes == (1, 3, 3, 4) and digits[0] == "1")
    return whole and all(group.before for group in groups[1:]) and _AMERICAN.fullmatch(digits[-10:]) is not None


def _with_trunk(groups: Sequence[_Group]) -> bool:
    """A national number with its 0: ``020 7946 0018``, ``(030) 123 45 67``, ``06 12 34 56 78``, ``07700 900123``."""
    first, sizes = groups[0].digits, [len(group.digits) for group in groups]
    if len(groups) == 1:
        return _MOBILE.fullmatch(first) is not None
    if len(first) > _LONGEST_AREA or not re.match("0[1-9]", first) or sum(sizes) not in _NATIONAL or 1 in sizes:
        return False
    if set(sizes) == {2}:
        return _pairs(groups)
    return not _is_more_than(groups, 10) and not all(_TIME.fullmatch(each.digits) for each in groups)


def _called(groups: Sequence[_Group]) -> bool:
    """Any number of the right length, where a word before it says that it is one."""
    return sum(len(group.digits) for group in groups) in _ANY and not _is_more_than(groups, 10)


def _pairs(groups: Sequence[_Group]) -> bool:
    """Whether it is five pairs set apart in one way: so the French write, and no date looks like it."""
    return [len(each.digits) for each in groups] == [2] * 5 and len({each.before for each in groups[1:]}) == 1


def _is_more_than(groups: Sequence[_Group], enough: int) -> bool:
    """Whether another number has begun: behind enough digits, what comes after a mere space is one."""
    before = accumulate(len(group.digits) for group in groups)
    return any(
        digits >= enough and _SPACES.issuperset(group.before) for digits, group in zip(before, groups[1:], strict=False)
    )
