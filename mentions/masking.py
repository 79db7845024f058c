"""Personal data in texts: mail addresses and numbers of phones, cards and accounts, hidden before anything is stored.

What is hidden leaves a placeholder that people can read. Order numbers, dates, prices and scores are left alone: a
number is hidden only where its form or the words before it say what it is. Each pass takes time linear in the text,
and what a first pass leaves, a second leaves, too.
"""

from __future__ import annotations

import re

from mentions.numbers import ACCOUNT, hidden_number

MAIL = "[mail address]"

# The parts of RFC 5322 (section 3.4.1) that people use. "@ana@social.example" is a handle: it has an @ before it.
_AT = "@\uff20\ufe6b"  # the last two are its full-width and its small form
_ONE_MAIL = rf"[\w.+%-]++[{_AT}](?:[\w-]+\.)+(?P<top{{}}>[^\W\d_]{{{{2,24}}}})(?![^\W_])"
_MAIL = re.compile(rf"(?<![\w.+%{_AT}-]){_ONE_MAIL.format('')}(?P<next>{_ONE_MAIL.format('_of_next')})*")  # may adjoin
_PICTURES = {"png", "jpg", "jpeg", "gif", "webp", "svg"}  # logo@2x.png
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?=[ \u00a0\u202f-]?[A-Za-z0-9])")
# Lengths of the IBAN registry (SWIFT, ISO 13616-1), by country.
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL",
        19: "MK SI",
        20: "AT BA EE KZ LT LU XK",
        21: "CH CR HR LI LV",
        22: "BG BH DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM TL",
        24: "AD CZ DZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_ACCOUNT = re.compile(
    r"""(?P<before>(?<!\w)
        (?:(?:bank\ |giro)?(?:account|acct|a/c|konto|cuenta|compte|conto)(?:\ ?(?:no|nr|num|number|nummer|n[uú]mero))?
          |kontonummer|sort\ code|routing(?:\ number)?|bankleitzahl|blz|iban)
        (?!\w)\.?[\ \t]{0,2}(?:is|ist|es|est)?[\ \t]{0,2}[:=]?[\ \t]{0,2}\#?[\ \t]{0,2})
        (?P<number>\d(?:[\ -]?\d){5,19})(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# What may be the beginning of a number that is hidden: enough digits in a row, whatever stands between them.
_NUMBER = re.compile(r"(?<!\d)(?:\+[ ]?\(?|\(\+?)?\d(?=(?:[ \t\u00a0\u2009\u202f().\-‐‑–/]{0,3}\d){6})")  # noqa: RUF001


def mask(text: str) -> str:
    """The text with a placeholder in place of each mail address and each phone, card and account number."""
    text = _without_mails(text)
    if not any(map(str.isdecimal, text)):
        return text
    masked = _without_numbers(_ACCOUNT.sub(_account, _without_ibans(text)))
    return masked if masked == text else _without_mails(masked)  # what was a handle or picture by its number


def _without_mails(text: str) -> str:
    return _MAIL.sub(_mail, text) if any(sign in text for sign in _AT) else text


def _mail(found: re.Match[str]) -> str:
    return found[0] if found["top"].lower() in _PICTURES and not found["next"] else MAIL


def _account(found: re.Match[str]) -> str:
    return f"{found['before']}{ACCOUNT}"


def _without_ibans(text: str) -> str:
    parts, done = [], 0
    for found in _IBAN.finditer(text):
        if found.start() >= done and (end := _iban_end(text, found.start())):
            parts += [text[done : found.start()], ACCOUNT]
            done = end
    return "".join([*parts, text[done:]])


def _iban_end(text: str, at: int) -> int | None:
    """Where the IBAN that begins at a place ends, None where none begins there.

    The remainder of 97 is that of ISO 13616-1, section 6.
    """
    length = _IBAN_LENGTHS.get(text[at : at + 2].upper())
    if length is None:
        return None
    number = ""
    while len(number) < length:
        if text[at : at + 1] in {" ", "-", "\u00a0", "\u202f"} and number:
            at += 1
        character = text[at : at + 1]
        if not (character.isascii() and character.isalnum()):
            return None
        number, at = number + character.upper(), at + 1
    remainder = int("".join(str(int(each, 36)) for each in number[4:] + number[:4])) % 97
    return at if remainder == 1 and not text[at : at + 1].isalnum() else None


def _without_numbers(text: str) -> str:
    parts, done = [], 0
    for found in _NUMBER.finditer(text):
        if found.start() >= done and (hidden := hidden_number(text, found.start())):
            parts += [text[done : hidden.start], hidden.placeholder]
            done = hidden.end
    return "".join([*parts, text[done:]])
