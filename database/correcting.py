"""Letting a person's word stand against what the machine found, and taking it back.

A mention that somebody takes from a brand has no row among those of the brand, no tags and no place in its bucket. The
row of the correction keeps them as they were found, and so does that of a corrected tone: taking a correction back puts
exactly that in place again. The author is not kept twice, so that erasing one leaves no other; the mention has it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

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


def correct(connection: Connection, keys: Collection[Key], verdict: Verdict, by: str, at: datetime) -> None:
    """Let somebody's word on mentions stand; an earlier one, theirs or another's, gives way.

    Args:
        keys: of mentions that have a :func:`database.corrections.standing`; no more than fit a statement (500).
    """
    if not keys:
        return
    hold_stories(connection)
    now, kept, tags = _rows(connection, keys), _kept(connection, keys), tags_of(connection, keys)
    before = {key: _before(now.get(key), kept.get(key), tags.get(key, ())) for key in keys}
    said = {"verdict": verdict, "by": by, "at": at}
    rows = [{"mention_id": key[0], "brand": key[1], **said, "before": before[key]} for key in keys]
    inserting.insert(connection, CorrectionRow, rows, _last_word)
    changes = []
    for key, found in before.items():
        then = {**found["row"], **_said(verdict, found["row"])} if verdict.is_tone else None
        changes.append(_Change(key, now.get(key), then, found))
    _replace(connection, changes)


def undo(connection: Connection, keys: Collection[Key]) -> None:
    """Put back what was found, where somebody corrected it.

    Args:
        keys: no more than fit a statement (500).
    """
    hold_stories(connection)
    kept = _kept(connection, keys)
    now = _rows(connection, kept)
    _replace(connection, [_Change(key, now.get(key), before["row"], before) for key, before in kept.items()])
    for brand, ids in _by_brand(kept).items():
        connection.execute(delete(CorrectionRow).where(CorrectionRow.brand == brand, CorrectionRow.mention_id.in_(ids)))


def take_back(
    connection: Connection, brands: Collection[str], verdict: Verdict, by: str, at: datetime
) -> frozenset[Key]:
    """Take back what somebody said of several mentions at once; what was said of each before stands again.

    Args:
        brands: all that it may have been said of.

    Returns:
        those of which it was still the last word.
    """
    hold_stories(connection)
    columns = (CorrectionRow.mention_id, CorrectionRow.brand, CorrectionRow.before)
    word = (CorrectionRow.by == by, CorrectionRow.verdict == verdict)
    said = (CorrectionRow.brand.in_(brands), CorrectionRow.at == at, *word)
    earlier: dict[tuple[str, str, str] | None, list[Key]] = defaultdict(list)
    for row in connection.execute(select(*columns).where(*said)):
        one = row.before.get("earlier")
        earlier[one and (one["verdict"], one["by"], one["at"])].append((row.mention_id, row.brand))
    for before, keys in earlier.items():
        if before is None:
            undo(connection, keys)
        else:
            correct(connection, keys, Verdict(before[0]), before[1], datetime.fromisoformat(before[2]))
    return frozenset(key for keys in earlier.values() for key in keys)


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


def _before(now: _Values | None, kept: _Values | None, tags: Iterable[Tag]) -> dict[str, Any]:
    """What a correction keeps: the row and the tags as they were found, and the word that it took the place of."""
    if now is None:
        return dict(kept or {"row": {}})
    # JSON knows no moments.
    found = kept["row"] if kept else {**now, "published_at": now["published_at"].isoformat()}
    earlier = {"earlier": kept["earlier"]} if kept and "earlier" in kept else {}
    return {"row": found, "tags": [[tag.kind, tag.name, tag.evidence] for tag in tags], **earlier}


def _kept(connection: Connection, keys: Collection[Key]) -> dict[Key, _Values]:
    """The rows and the tags as they were found, where somebody corrected them, with what was said."""
    names = ("mention_id", "brand", "before", "verdict", "by", "at")
    query = select(*(getattr(CorrectionRow, name) for name in names))
    rows = connection.execute(query.where(CorrectionRow.mention_id.in_({number for number, _ in keys}))).all()
    return {
        (row.mention_id, row.brand): {
            **row.before,
            "earlier": {"verdict": row.verdict, "by": row.by, "at": row.at.isoformat()},
        }
        for row in rows
        if (row.mention_id, row.brand) in keys
    }


def _rows(connection: Connection, keys: Collection[Key]) -> dict[Key, _Values]:
    columns = [getattr(BrandMentionRow, name) for name in ("mention_id", "brand", *_FOUND, "published_at")]
    query = select(*columns).where(BrandMentionRow.mention_id.in_({number for number, _ in keys}))
    found = (dict(row) for row in connection.execute(query).mappings())
    every = {(row.pop("mention_id"), row.pop("brand")): row for row in found}
    return {key: row for key, row in every.items() if key in keys}


def _said(verdict: str, found: _Values) -> dict[str, object]:
    """What a person's word changes in the row that was found."""
    return {"label": str(verdict), "flags": " ".join([*str(found["flags"]).split(), Flag.CORRECTED])}


@dataclass(frozen=True, slots=True)
class _Change:
    """The row of a mention of a brand as it is and as it is to be, None for none, and what its correction keeps."""

    key: Key
    now: _Values | None
    then: _Values | None
    before: _Values

    @property
    def at(self) -> datetime:
        """When the mention was published."""
        return datetime.fromisoformat(self.before["row"]["published_at"])

    @property
    def counts(self) -> Counter[str]:
        """How its bucket changes."""
        critical = is_critical(_tags(self.before))
        change = Counter(counted(self.then["label"], critical=critical) if self.then else {})
        change.subtract(counted(self.now["label"], critical=critical) if self.now else {})
        return change


def _replace(connection: Connection, changes: Sequence[_Change]) -> None:
    """Make the rows of mentions what they are to be; their buckets follow."""
    for brand, ids in _by_brand(one.key for one in changes if one.then is None).items():
        taken = (BrandMentionRow.brand == brand, BrandMentionRow.mention_id.in_(ids))
        connection.execute(delete(BrandMentionRow).where(*taken))
    _put_back(connection, [one for one in changes if one.then and one.now is None])
    felt = [
        {"of": one.key[0], "about": one.key[1], **{name: one.then[name] for name in _FOUND}}
        for one in changes
        if one.then and one.now is not None
    ]
    if felt:
        where = (BrandMentionRow.mention_id == bindparam("of"), BrandMentionRow.brand == bindparam("about"))
        table: Any = BrandMentionRow.__table__
        connection.execute(update(table).where(*where).values({name: bindparam(name) for name in _FOUND}), felt)
    counts: dict[tuple[str, datetime], Counter[str]] = defaultdict(Counter)
    for one in changes:
        counts[one.key[1], bucket_start(one.at)].update(one.counts)
    if changed := {place: change for place, change in counts.items() if any(change.values())}:
        add_to_buckets(connection, changed)


def _tags(before: _Values) -> list[Tag]:
    """The tags that leave or come back with the row; where it stays, they stay as they are."""
    return [Tag(*tag) for tag in before["tags"]]


def _put_back(connection: Connection, changes: Sequence[_Change]) -> None:
    if not changes:
        return
    # As mentions.mention.Mention.voice has it.
    voice = func.coalesce(func.nullif(MentionRow.handle, ""), MentionRow.author)
    query = select(MentionRow.id, voice).where(MentionRow.id.in_({one.key[0] for one in changes}))
    authors: dict[int, str | None] = dict(connection.execute(query).tuples().all())
    rows, tags = [], []
    for one in changes:
        whose = {"mention_id": one.key[0], "brand": one.key[1], "author": authors.get(one.key[0])}
        rows.append({**whose, **(one.then or {}), "published_at": one.at})
        tags += values_of(one.key, one.at, _tags(one.before))
    connection.execute(insert(BrandMentionRow), rows)
    insert_tags(connection, tags)


def _by_brand(keys: Iterable[Key]) -> Mapping[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for number, brand in keys:
        ids[brand].append(number)
    return ids


def _is(table: Any, key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.mention_id == key[0], table.brand == key[1]
