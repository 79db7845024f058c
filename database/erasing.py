"""Erasing what people wrote and who they are, while counts, labels, tags and times stay.

The row of a mention stays, too, with nothing in it to read, so that it is known again and never comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, false, func, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from database.drill_tables import real
from database.stories import hold_stories
from database.tables import BrandMentionRow, CorrectionRow, MentionRow, StoryKeyRow, TagRow
from database.words import fade_words, keep_words
from mentions.addresses import canonical
from mentions.quoting import Said
from mentions.redaction import PSEUDONYM, spelled

_AT_ONCE = 500
_SAID = tuple(Said.__slots__)


@dataclass(frozen=True, slots=True)
class Written:
    """A mention that may be erased: its id, its digest and its key, when it was published, and what it says."""

    id: int
    digest: str
    key: str
    published_at: datetime
    said: Said

    @property
    def voice(self) -> str:
        """The account, else the name, in the form in which they are compared."""
        return spelled(self.said.handle or self.said.author or "")


def erase_before(connection: Connection, moment: datetime, limit: int, now: datetime) -> int:
    """Erase mentions published before a moment, the oldest first and at most ``limit``; how many there were.

    What was made up for a drill is left to its end (:func:`database.drills.finish_drill`).
    """
    hold_stories(connection)
    old = (MentionRow.published_at < moment, MentionRow.erased_at.is_(None), real(MentionRow.source))
    ids = connection.execute(select(MentionRow.id).where(*old).order_by(MentionRow.published_at).limit(limit))
    found = ids.scalars().all()
    erase_mentions(connection, found, now)
    if found:
        fade_words(connection)
    return len(found)


def erase_mentions(connection: Connection, ids: Sequence[int], now: datetime, voice: str | None = None) -> None:
    """Erase mentions by their ids.

    Args:
        voice: what stands for their author from now on, so that voices are still counted right; it tells nothing.
    """
    for at in range(0, len(ids), _AT_ONCE):
        _erase(connection, ids[at : at + _AT_ONCE], now, voice)


def _erase(connection: Connection, ids: Sequence[int], now: datetime, voice: str | None) -> None:
    nothing = {"title": "", "text": "", "url": None, "author": None, "handle": None, "erased_at": now}
    nameless = literal("digest:") + MentionRow.digest  # as mentions.mention.Mention.nameless_key has it
    connection.execute(update(MentionRow).where(MentionRow.id.in_(ids)).values(key=nameless, **nothing))
    about = update(BrandMentionRow).where(BrandMentionRow.mention_id.in_(ids))
    connection.execute(about.values(author=voice, evidence=""))
    connection.execute(update(TagRow).where(TagRow.mention_id.in_(ids)).values(evidence=""))
    connection.execute(delete(StoryKeyRow).where(StoryKeyRow.mention_id.in_(ids)))
    keep_words(connection, ids)
    kept = select(CorrectionRow.mention_id, CorrectionRow.brand, CorrectionRow.before)
    for row in connection.execute(kept.where(CorrectionRow.mention_id.in_(ids))).all():
        its = (CorrectionRow.mention_id == row.mention_id, CorrectionRow.brand == row.brand)
        connection.execute(update(CorrectionRow).where(*its).values(before=_emptied(row.before)))


def _emptied(before: Any) -> Any:
    """What a correction kept, without the words that led to it and without an author."""
    if isinstance(before, dict):
        emptied = {"evidence": "", "author": None}
        return {key: emptied.get(key, _emptied(value)) for key, value in before.items()}
    if isinstance(before, list):  # tags, each as its kind, its name and its evidence
        return [[*each[:2], ""] if isinstance(each, list) else _emptied(each) for each in before]
    return before


def written_by(connection: Connection, names: Iterable[str], source: str = "") -> list[Written]:
    """Mentions whose author is called so, by name or account and without regard to case.

    Args:
        source: id of the source they came from; empty for any.
    """
    at = (MentionRow.source == source,) if source else ()
    wanted = {spelled(name) for name in names}
    called = (_called(connection, column, wanted, *at) for column in (MentionRow.author, MentionRow.handle))
    return _written(connection, or_(*called), *at)


def spoken_by(connection: Connection, source: str, voice: str) -> list[Written]:
    """All mentions of one voice at a source, whatever name they were shown under."""
    at, wanted = MentionRow.source == source, {spelled(voice)}
    without = or_(MentionRow.handle.is_(None), MentionRow.handle == "")
    by_name = and_(without, _called(connection, MentionRow.author, wanted, at, without))
    return _written(connection, at, or_(_called(connection, MentionRow.handle, wanted, at), by_name))


def _called(
    connection: Connection, column: InstrumentedAttribute[str | None], wanted: set[str], *where: Any
) -> ColumnElement[bool]:
    """Whether a column is spelled as wanted; found out here, since databases differ in which letters they lower."""
    query = select(column).where(column.is_not(None), MentionRow.erased_at.is_(None), *where).distinct()
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as stored:
        forms = [form for form in stored.scalars() if form and spelled(form) in wanted]
    parts = (forms[at : at + _AT_ONCE] for at in range(0, len(forms), _AT_ONCE))
    return or_(false(), *(column.in_(part) for part in parts))


def pseudonyms_kept(connection: Connection) -> bool:
    """Whether the author of any mention that was not erased is stored as a pseudonym."""
    where = (MentionRow.author.startswith(PSEUDONYM, autoescape=True), MentionRow.erased_at.is_(None))
    return connection.execute(select(MentionRow.id).where(*where).limit(1)).first() is not None


def written_at(connection: Connection, page: str, digests: Sequence[str]) -> list[Written]:
    """Mentions of one page, by its canonical address (:mod:`mentions.addresses`) or their own digests."""
    ending = page.rstrip("/").rpartition("/")[2].replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    may_be = or_(*(column.ilike(f"%{ending}%", escape="\\") for column in (MentionRow.url, MentionRow.key)))
    return [
        one
        for one in _written(connection, or_(may_be, MentionRow.digest.in_(digests)))
        if one.digest in digests or page in {_page(one.said.url), _page(one.key.partition(":")[2])}
    ]


def naming(connection: Connection, name: str) -> int:
    """How many mentions name an account in their words."""
    pattern = "%@" + name.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    found = or_(MentionRow.text.ilike(pattern, escape="\\"), MentionRow.title.ilike(pattern, escape="\\"))
    counted = select(func.count()).select_from(MentionRow).where(found, real(MentionRow.source))
    return connection.execute(counted).scalar() or 0


def _page(url: str | None) -> str | None:
    return canonical(url) if url else None


def _written(connection: Connection, *where: Any) -> list[Written]:
    columns = (MentionRow.id, MentionRow.digest, MentionRow.key, MentionRow.published_at)
    query = select(*columns, *(getattr(MentionRow, name) for name in _SAID))
    # Nobody is behind what a drill made up; a name in it may be that of somebody real all the same.
    kept = (MentionRow.erased_at.is_(None), real(MentionRow.source))
    rows = connection.execute(query.where(*kept, *where).order_by(MentionRow.id))
    return [_one(row) for row in rows]


def _one(row: Row[Any]) -> Written:
    said = Said(*(getattr(row, name) for name in _SAID))
    return Written(row.id, row.digest, row.key, row.published_at, said)
