"""Tagging again what was stored, after the rules changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database.corrections import Key
from database.exported import Exported, oldest_first, some_of
from database.reading_mentions import Wanted
from database.stories import hold_stories
from database.tags import replace_tags
from mentions.mention import Dating, Mention, Published
from services.installation import Installation
from topics.tag import Tag

# So many in a transaction: whoever else wants to write waits for some hundredths of a second.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Retagged:
    """How far tagging again has come.

    Attributes:
        read: mentions of brands.
        changed: how many of them have other tags now.
    """

    read: int = 0
    changed: int = 0


def retag(
    inst: Installation, since: datetime | None = None, progress: Callable[[Retagged], None] = lambda _: None
) -> Retagged:
    """Give every stored mention of the brands in the settings the tags that the rules of today give it.

    Each batch is kept at once, so that whatever ends this early loses nothing: doing it again finishes it. What was
    erased keeps its tags, for nothing is left to read.

    Args:
        since: mentions published before are left as they are.
        progress: is told after each batch.

    Raises:
        DatabaseError: the database cannot be read or written; batches before this one are kept.
    """
    done = Retagged()
    for brand in inst.settings.brands:
        after: Exported | None = None
        while batch := _retag_batch(inst, Wanted((brand.id,), since=since), after):
            part, changed = batch
            done = Retagged(done.read + len(part), done.changed + changed)
            progress(done)
            after = part[-1]
    return done


def _retag_batch(inst: Installation, wanted: Wanted, after: Exported | None) -> tuple[tuple[Exported, ...], int] | None:
    """The mentions that follow one, and for how many of them something changed; None behind the last."""
    (brand,) = wanted.brands
    with inst.database.writing() as connection:
        hold_stories(connection)  # lest somebody changes what was just read
        part = oldest_first(connection, brand, wanted, after, AT_ONCE)
        return (part, replace_tags(connection, _tags(inst, part))) if part else None


def retag_some(connection: Connection, inst: Installation, keys: Collection[Key]) -> None:
    """As :func:`retag`, with some mentions of brands."""
    if some := some_of(connection, keys):
        replace_tags(connection, _tags(inst, some))


def _tags(inst: Installation, some: Iterable[Exported]) -> Mapping[Key, tuple[Tag, ...]]:
    said = (one for one in some if one.title or one.text)
    return {(one.id, one.brand): _tags_of(inst, one) for one in said}


def _tags_of(inst: Installation, one: Exported) -> tuple[Tag, ...]:
    return inst.rules.tags_of(_mention(one), one.source, [one.brand])[one.brand]


def _mention(one: Exported) -> Mention:
    """The mention as far as rules look at it."""
    return Mention(
        key=one.key,
        title=one.title,
        text=one.text,
        published=Published(one.published_at, Dating(one.dating)),
        url=one.url,
        author=one.author,
        language=one.language,
        handle=one.handle,
    )
