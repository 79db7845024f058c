"""Letting a person's word stand against what the machine found, and taking it back.

A mention that somebody takes from a brand has no row among those of the brand, no tags and no place in its bucket. The
row of the correction keeps them as they were found, and so does that of a corrected tone: taking a correction back puts
exactly that in place again. The author is not kept twice, so that erasing one leaves no other; the mention has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from database import inserting
from database.buckets import add_to_buckets, counted
from database.corrections import TAKEN, Key, Verdict
from database.stories import hold_stories
from database.tables import BrandMentionRow, CorrectionRow, MentionRow
from database.tags import insert_tags, tags_of, values_of
from detection.buckets import bucket_start
from sentiment.score import Flag
from topics.tag import Tag, is_critical

_FOUND = ("reason", "evidence", "compound", "label", "flags", "scorer", "source")
_Values = Mapping[str, Any]


def correct(connection: Connection, key: Key, verdict: Verdict, by: str, at: datetime) -> None:
    """Let somebody's word stand; an earlier one, theirs or another's, gives way.

    Args:
        key: of a mention that has a :func:`database.corrections.standing`.
    """
    hold_stories(connection)
    now = _row(connection, key)
    before = _kept(connection, key) or {"row": {}}
    if now is not None:
        found = before["row"] or {**now, "published_at": now["published_at"].isoformat()}  # JSON knows no moments
        tags = tags_of(connection, [key]).get(key, ())
        before = {"row": found, "tags": [[tag.kind, tag.name, tag.evidence] for tag in tags]}
    row = {"mention_id": key[0], "brand": key[1], "verdict": verdict, "by": by, "at": at, "before": before}
    inserting.insert(connection, CorrectionRow, [row], _last_word)
    said = {**before["row"], **_said(verdict, before["row"])} if verdict.is_tone else None
    _replace(connection, key, now, said, before)


def undo(connection: Connection, key: Key) -> None:
    """Put back what was found, where somebody corrected it."""
    hold_stories(connection)
    before = _kept(connection, key)
    if before is not None:
        _replace(connection, key, _row(connection, key), before["row"], before)
        connection.execute(delete(CorrectionRow).where(*_is(CorrectionRow, key)))


def rescored(connection: Connection, known: Mapping[Key, Mapping[str, object]]) -> dict[Key, dict[str, object]]:
    """What to keep of edited mentions, so that corrections win.

    How the new words feel is kept for whoever takes the correction back.

    Args:
        known: by mention and brand, the columns that follow from the words; of no more mentions than fit a statement.

    Returns:
        of those whose tone somebody corrected, the columns with the corrected tone.
    """
    columns = (CorrectionRow.mention_id, CorrectionRow.brand, CorrectionRow.verdict, CorrectionRow.before)
    where = CorrectionRow.mention_id.in_({mention_id for mention_id, _ in known})
    corrected: dict[Key, dict[str, object]] = {}
    for row in connection.execute(select(*columns).where(where)).all():
        key = (row.mention_id, row.brand)
        if key not in known:
            continue
        before = {**row.before, "row": {**row.before["row"], **known[key]}}
        connection.execute(update(CorrectionRow).where(*_is(CorrectionRow, key)).values(before=before))
        if row.verdict not in TAKEN:
            corrected[key] = {**known[key], **_said(row.verdict, known[key])}
    return corrected


def retagged(connection: Connection, tags: Mapping[Key, Collection[Tag]]) -> None:
    """Keep what edited mentions are about now for whoever takes a correction of them back."""
    where = CorrectionRow.mention_id.in_({mention_id for mention_id, _ in tags})
    rows = connection.execute(select(CorrectionRow.mention_id, CorrectionRow.brand, CorrectionRow.before).where(where))
    for mention_id, brand, before in rows.all():
        key = (mention_id, brand)
        if key in tags:
            kept = {**before, "tags": [[tag.kind, tag.name, tag.evidence] for tag in tags[key]]}
            connection.execute(update(CorrectionRow).where(*_is(CorrectionRow, key)).values(before=kept))


def _last_word(statement: Any) -> Any:
    words = {name: getattr(statement.excluded, name) for name in ("verdict", "by", "at", "before")}
    return statement.on_conflict_do_update(index_elements=["mention_id", "brand"], set_=words)


def _kept(connection: Connection, key: Key) -> _Values | None:
    """The row and the tags as they were found, where somebody corrected them."""
    return connection.execute(select(CorrectionRow.before).where(*_is(CorrectionRow, key))).scalar_one_or_none()


def _row(connection: Connection, key: Key) -> _Values | None:
    columns = [getattr(BrandMentionRow, name) for name in (*_FOUND, "published_at")]
    row = connection.execute(select(*columns).where(*_is(BrandMentionRow, key))).mappings().one_or_none()
    return None if row is None else dict(row)


def _said(verdict: str, found: _Values) -> dict[str, object]:
    """What a person's word changes in the row that was found."""
    return {"label": str(verdict), "flags": " ".join([*str(found["flags"]).split(), Flag.CORRECTED])}


def _replace(connection: Connection, key: Key, now: _Values | None, then: _Values | None, before: _Values) -> None:
    """Make ``then`` the row of a mention of a brand, or let there be none; its bucket follows."""
    at = datetime.fromisoformat(before["row"]["published_at"])
    where = _is(BrandMentionRow, key)
    if then is None:
        connection.execute(delete(BrandMentionRow).where(*where))
    elif now is None:
        _put_back(connection, key, {**then, "published_at": at}, _tags(before))
    else:
        felt = {name: then[name] for name in _FOUND}
        connection.execute(update(BrandMentionRow).where(*where).values(felt))
    critical = is_critical(_tags(before))
    change = Counter(counted(then["label"], critical=critical) if then else {})
    change.subtract(counted(now["label"], critical=critical) if now else {})
    if any(change.values()):
        add_to_buckets(connection, {(key[1], bucket_start(at)): change})


def _tags(before: _Values) -> list[Tag]:
    """The tags that leave or come back with the row; where it stays, they stay as they are."""
    return [Tag(*tag) for tag in before["tags"]]


def _put_back(connection: Connection, key: Key, values: _Values, tags: list[Tag]) -> None:
    mention_id, brand = key
    # As mentions.mention.Mention.voice has it.
    voice = func.coalesce(func.nullif(MentionRow.handle, ""), MentionRow.author)
    author = connection.execute(select(voice).where(MentionRow.id == mention_id)).scalar()
    whose = {"mention_id": mention_id, "brand": brand, "author": author}
    connection.execute(insert(BrandMentionRow).values(**whose, **values))
    insert_tags(connection, values_of(key, values["published_at"], tags))


def _is(table: Any, key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.mention_id == key[0], table.brand == key[1]
