"""Mentions that are seen again: edited ones are brought up to date, and so is how others answered them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from database.buckets import counted
from database.columns import storable
from database.correcting import rescored
from database.tables import BrandMentionRow, CorrectionRow, MentionRow
from database.tags import critical_among
from detection.buckets import bucket_start
from mentions.mention import Mention

_SAID = ("title", "text")
_ANSWERED = ("likes", "replies", "reposts", "views", "followers")


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention that was stored before, and as it is now."""

    id: int
    row: Row[Any]
    mention: Mention

    @property
    def edited(self) -> bool:
        """Whether its words changed; only where the source that brought it says so, since others may shorten them."""
        return (self.row.title, self.row.text) != (storable(self.mention.title), storable(self.mention.text))

    @property
    def answers(self) -> dict[str, int]:
        """Figures that changed since."""
        engagement = self.mention.engagement
        now = (engagement.likes, engagement.replies, engagement.reposts, engagement.views, self.mention.followers)
        return {
            name: value
            for name, value in zip(_ANSWERED, now, strict=True)
            if value is not None and value != getattr(self.row, name)
        }


def seen_before(connection: Connection, source: str, mentions: Iterable[Mention]) -> list[Seen]:
    """Those of the mentions that this source has brought before; what was erased since stays erased."""
    by_digest = {mention.digest: mention for mention in mentions}
    columns = (MentionRow.id, MentionRow.digest, *(getattr(MentionRow, name) for name in (*_SAID, *_ANSWERED)))
    theirs = (MentionRow.digest.in_(by_digest), MentionRow.source == source, MentionRow.erased_at.is_(None))
    rows = connection.execute(select(*columns).where(*theirs))
    return [Seen(row.id, row, by_digest[row.digest]) for row in rows]


def update_answers(connection: Connection, seen: Iterable[Seen]) -> None:
    """Keep the newest likes, replies, reposts, views and followers."""
    for one in seen:
        if changed := one.answers:
            connection.execute(update(MentionRow).where(MentionRow.id == one.id).values(**changed))


def update_words(connection: Connection, edited: Sequence[Seen], now: datetime) -> None:
    """Keep the newest words of edited mentions."""
    values = [
        {
            "at": one.id,
            "title": storable(one.mention.title),
            "text": storable(one.mention.text),
            "language": one.mention.language,
        }
        for one in edited
    ]
    statement = update(MentionRow.__table__).where(MentionRow.id == bindparam("at"))  # type: ignore[arg-type]
    words: dict[str, Any] = {name: bindparam(name) for name in ("title", "text", "language")} | {"edited_at": now}
    connection.execute(statement.values(words), values)


def update_about(
    connection: Connection, known: Mapping[tuple[int, str], dict[str, object]]
) -> dict[tuple[str, datetime], Counter[str]]:
    """Keep how edited mentions feel now; what that adds to the counts of buckets and takes from them.

    A tone that somebody corrected stays, and what was taken from a brand stays away.

    Args:
        known: by id of a mention and brand, the columns that may have changed.
    """
    known = {**known, **rescored(connection, known)}
    ids = {mention_id for mention_id, _ in known}
    columns = (BrandMentionRow.mention_id, BrandMentionRow.brand, BrandMentionRow.published_at, BrandMentionRow.label)
    before = connection.execute(select(*columns).where(BrandMentionRow.mention_id.in_(ids))).all()
    changes: dict[tuple[str, datetime], Counter[str]] = {}
    for row in before:
        values = known.get((row.mention_id, row.brand))
        if values is None:
            continue
        where = (BrandMentionRow.mention_id == row.mention_id, BrandMentionRow.brand == row.brand)
        connection.execute(update(BrandMentionRow).where(*where).values(values))
        change = changes.setdefault((row.brand, bucket_start(row.published_at)), Counter())
        # What its words are about was counted where its tags were replaced (database.tags).
        change.update(counted(str(values["label"]), critical=False))
        change.subtract(counted(row.label, critical=False))
    return {place: change for place, change in changes.items() if any(change.values())}


def leave_brands(
    connection: Connection, edited: Iterable[int], staying: Container[tuple[int, str]]
) -> dict[tuple[str, datetime], Counter[str]]:
    """Take edited mentions from brands that they name no more; what that takes from the counts of buckets.

    Where somebody corrected its tone, a person has said that it is about the brand, and it stays.
    """
    about = and_(CorrectionRow.mention_id == BrandMentionRow.mention_id, CorrectionRow.brand == BrandMentionRow.brand)
    columns = (BrandMentionRow.mention_id, BrandMentionRow.brand, BrandMentionRow.published_at, BrandMentionRow.label)
    corrected = select(CorrectionRow.at).where(about).exists()
    query = select(*columns).where(BrandMentionRow.mention_id.in_(edited), ~corrected)
    leaving = [row for row in connection.execute(query).all() if (row.mention_id, row.brand) not in staying]
    critical = critical_among(connection, {row.mention_id for row in leaving})
    changes: dict[tuple[str, datetime], Counter[str]] = {}
    for row in leaving:
        where = (BrandMentionRow.mention_id == row.mention_id, BrandMentionRow.brand == row.brand)
        connection.execute(delete(BrandMentionRow).where(*where))
        counts = counted(row.label, critical=(row.mention_id, row.brand) in critical)
        changes.setdefault((row.brand, bucket_start(row.published_at)), Counter()).subtract(counts)
    return changes
