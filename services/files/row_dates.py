"""Dates as people and programs write them in files; one that could mean two days is refused, not guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from services.files.row_errors import RowError

_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?=\D|$)", re.ASCII)
# With dots the day comes first wherever dates are written so.
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?=\D|$)", re.ASCII)
_EITHER_WAY = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}(?=\D|$)", re.ASCII)
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}", re.ASCII)
# From here on a number of seconds would be in the year 5138: it counts milliseconds.
_MILLISECONDS = 10**11


def read_date(written: object, zone: ZoneInfo, date_format: str = "") -> datetime | None:
    """When something was said; None where nothing is written.

    Read are ISO 8601 (https://www.iso.org/iso-8601-date-and-time-format.html), RFC 5322 as in mails, year first with
    slashes or dots, day first with dots, and Unix time in seconds or milliseconds; with a format, only that.

    Args:
        zone: of times that name none.
        date_format: in the codes of ``datetime.strptime``, such as ``%d/%m/%Y``.

    Raises:
        RowError: it is no date, or could be one of two.
    """
    text = str(written if written is not None else "").strip()
    if not text:
        return None
    at = _formatted(text, date_format) if date_format else _usual(text)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _formatted(text: str, date_format: str) -> datetime:
    try:
        return datetime.strptime(text, date_format)  # noqa: DTZ007  # the caller adds the zone where none is written
    except ValueError:
        raise RowError(f'The date "{text[:40]}" is not written as {date_format}.') from None


def _usual(text: str) -> datetime:
    if _EITHER_WAY.match(text):
        remedy = "write it as 2026-05-30, or name the format, as --date-format %d/%m/%Y."
        raise RowError(f'The date "{text[:40]}" can be read in two ways; {remedy}')
    try:
        if _EPOCH.fullmatch(text):
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
        return _iso(text)
    except (ValueError, OverflowError):
        return _mail(text)


def _iso(text: str) -> datetime:
    text = _YEAR_FIRST.sub(lambda found: f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}", text, count=1)
    text = _DOTTED.sub(lambda found: f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}", text, count=1)
    return datetime.fromisoformat(text)


def _mail(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        remedy = "write it as 2026-05-30T14:05, or name the format, as --date-format %d/%m/%Y."
        raise RowError(f'"{text[:40]}" is not read as a date; {remedy}') from None
