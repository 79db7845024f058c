"""What people said of mentions; their word counts for more than what was found (:mod:`database.correcting`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, select

from database.stories import hold_stories
from database.tables import BrandMentionRow, CorrectionRow, MentionRow
from mentions.mention import content_of

Key = tuple[int, str]  # id of a mention, and a brand


class Verdict(StrEnum):
    """What somebody says of a mention of a brand."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    NOT_ABOUT_US = "not_about_us"
    WRONG_MATCH = "wrong_match"  # what found it should not have

    @property
    def is_tone(self) -> bool:
        """Whether it says how the mention felt; else it takes the mention from the brand."""
        return self not in TAKEN


TAKEN = frozenset({Verdict.NOT_ABOUT_US, Verdict.WRONG_MATCH})


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word on a mention of a brand.

    Attributes:
        by: id of the person.
        found: the label that the machine gives it, whatever people say.
    """

    mention_id: int
    brand: str
    verdict: Verdict
    by: str
    at: datetime
    found: str

    @property
    def key(self) -> Key:
        """Which mention of which brand."""
        return self.mention_id, self.brand


@dataclass(frozen=True, slots=True)
class Standing:
    """What is true of a mention of a brand now, as far as people can change it.

    Attributes:
        label: how it counts now, or counted before it was taken.
        edited_at: when its author last changed its words.
        correction: what somebody said of it, None where nobody did.
    """

    label: str
    edited_at: datetime | None
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with the tone that somebody gave it; ``language`` is a primary subtag, None where it is not known."""

    content: str
    label: str
    brand: str
    language: str | None
    mention_id: int


@dataclass(frozen=True, slots=True)
class WrongMatches:
    """How often the same evidence led to what should not have been found.

    Attributes:
        wrong: mentions that somebody called a wrong match.
        matches: all that this evidence led to in the same time, these included.
    """

    evidence: str
    wrong: int
    matches: int


@dataclass(frozen=True, slots=True)
class SaidAtOnce:
    """A word that somebody said of several mentions at once, and of how many it still is the last one."""

    verdict: Verdict
    by: str
    at: datetime
    mentions: int


def said_at_once(
    connection: Connection, brands: Collection[str], since: datetime, limit: int
) -> tuple[SaidAtOnce, ...]:
    """What was said of several mentions of brands at once since a moment, the last word first."""
    said = (CorrectionRow.verdict, CorrectionRow.by, CorrectionRow.at)
    query = select(*said, func.count()).where(CorrectionRow.brand.in_(brands), CorrectionRow.at >= since)
    several = query.group_by(*said).having(func.count() > 1).order_by(CorrectionRow.at.desc()).limit(limit)
    rows = connection.execute(several)
    return tuple(SaidAtOnce(Verdict(verdict), by, at, count) for verdict, by, at, count in rows)


def standing(connection: Connection, key: Key) -> Standing | None:
    """What is true of a mention of a brand, None where it was never one; it stays so until the transaction ends."""
    return standings(connection, [key]).get(key)


def standings(connection: Connection, keys: Collection[Key]) -> Mapping[Key, Standing]:
    """As :func:`standing`, of several; those that were never mentions of their brands are left out.

    Args:
        keys: no more than fit a statement (500).
    """
    hold_stories(connection)
    corrections, ids = corrections_of(connection, keys), {mention_id for mention_id, _ in keys}
    edited = select(MentionRow.id, MentionRow.edited_at).where(MentionRow.id.in_(ids))
    about = select(BrandMentionRow.mention_id, BrandMentionRow.brand, BrandMentionRow.label)
    rows = connection.execute(about.where(BrandMentionRow.mention_id.in_(ids)))
    labels = {(row.mention_id, row.brand): row.label for row in rows}
    found: dict[Key, Standing] = {}
    for mention_id, edited_at in connection.execute(edited):
        for key in (one for one in keys if one[0] == mention_id and (one in labels or one in corrections)):
            said = corrections.get(key)
            found[key] = Standing(labels.get(key) or (said.found if said else ""), edited_at, said)
    return found


def corrected(connection: Connection) -> str:
    """A word that changes whenever somebody corrects something or takes it back; comparing two is all it is for."""
    count, newest = connection.execute(select(func.count(), func.max(CorrectionRow.at))).one()
    return f"{count}.{newest.timestamp() if newest else 0}"


def excluded(connection: Connection, ids: Collection[int]) -> frozenset[Key]:
    """Mentions and the brands that they were taken from and must not come back to."""
    where = (CorrectionRow.mention_id.in_(ids), CorrectionRow.verdict.in_(TAKEN))
    rows = connection.execute(select(CorrectionRow.mention_id, CorrectionRow.brand).where(*where))
    return frozenset((row.mention_id, row.brand) for row in rows)


def corrections_of(connection: Connection, keys: Collection[Key]) -> Mapping[Key, Correction]:
    """What people said of mentions of brands; those of which nobody said anything are left out."""
    wanted = set(keys)
    rows = _corrections(connection, CorrectionRow.mention_id.in_({mention_id for mention_id, _ in wanted}))
    return {one.key: one for one in rows if one.key in wanted}


def _corrections(connection: Connection, *where: ColumnElement[bool]) -> tuple[Correction, ...]:
    names = ("mention_id", "brand", "verdict", "by", "at", "before")
    query = select(*(getattr(CorrectionRow, name) for name in names)).where(*where)
    rows = connection.execute(query.order_by(CorrectionRow.at.desc(), CorrectionRow.mention_id, CorrectionRow.brand))
    return tuple(
        Correction(row.mention_id, row.brand, Verdict(row.verdict), row.by, row.at, row.before["row"]["label"])
        for row in rows
    )


def labelled_texts(connection: Connection, brands: Collection[str]) -> tuple[LabelledText, ...]:
    """Texts whose tone somebody corrected, in the order of their mentions; those since erased are left out."""
    columns = (MentionRow.title, MentionRow.text, MentionRow.language)
    said = (CorrectionRow.verdict, CorrectionRow.brand, CorrectionRow.mention_id)
    tones = CorrectionRow.verdict.in_(frozenset(Verdict) - TAKEN)
    where = (CorrectionRow.brand.in_(brands), tones, MentionRow.erased_at.is_(None))
    query = select(*columns, *said).join_from(CorrectionRow, MentionRow).where(*where)
    rows = connection.execute(query.order_by(CorrectionRow.mention_id, CorrectionRow.brand))
    return tuple(
        LabelledText(content_of(row.title, row.text), row.verdict, row.brand, row.language, row.mention_id)
        for row in rows
    )


def wrong_matches(connection: Connection, brand: str, since: datetime) -> tuple[WrongMatches, ...]:
    """Of what was published since a moment, which evidence led to how many wrong matches; most wrong ones first."""
    query = select(CorrectionRow.verdict, CorrectionRow.before).where(
        CorrectionRow.brand == brand, CorrectionRow.verdict.in_(TAKEN)
    )
    taken = [
        (row.before["row"]["evidence"], row.verdict)
        for row in connection.execute(query)
        if datetime.fromisoformat(row.before["row"]["published_at"]) >= since
    ]
    wrong = Counter(evidence for evidence, verdict in taken if verdict == Verdict.WRONG_MATCH)
    found = Counter(evidence for evidence, _ in taken if evidence in wrong)
    evidence = BrandMentionRow.evidence
    where = (BrandMentionRow.brand == brand, BrandMentionRow.published_at >= since, evidence.in_(wrong))
    if wrong:
        counts = select(evidence, func.count()).where(*where).group_by(evidence)
        found.update({one: count for one, count in connection.execute(counts)})  # noqa: C416  # rows are no pairs to mypy
    return tuple(WrongMatches(one, count, found[one]) for one, count in wrong.most_common())
