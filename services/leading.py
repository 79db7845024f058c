"""Which crisis category the posts of a window are about, and the sentence that says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from database.tags import spoken_between, tag_counts
from detection.signal import Signal
from incidents.severity import COMPLAINTS
from sentiment.score import Label
from services.installation import Installation
from services.tag_names import category_names, tag_name
from topics.leading import Leading, leading_category
from topics.tag import CATEGORY

_INSTANT = timedelta(microseconds=1)  # what counts tags leaves the end out


def leading_in(  # a brand's window and whose posts of it count
    connection: Connection, inst: Installation, brand: str, since: datetime, until: datetime, *, label: Label | None
) -> Leading | None:
    """The crisis category that stands out in what was published from ``since`` to ``until``, None where none does.

    Args:
        label: the tone of the posts that matter; None for any.
    """
    span = (brand, since, until + _INSTANT)
    counts = tag_counts(connection, *span, CATEGORY, label)
    whole = spoken_between(connection, *span, label)
    posts = f"{label} posts" if label else "posts"
    return leading_category(counts, whole, [one.id for one in inst.rules.categories], posts=posts)


def category_of(connection: Connection, inst: Installation, signal: Signal) -> str | None:
    """The crisis category that the mentions behind a signal are about, None where none leads."""
    label = Label.NEGATIVE if signal.kind == COMPLAINTS else None
    leading = leading_in(connection, inst, signal.brand, signal.at - signal.window, signal.at, label=label)
    return leading.category if leading else None


def leading_told(  # as leading_in
    connection: Connection, inst: Installation, brand: str, since: datetime, until: datetime, *, label: Label | None
) -> str:
    """One sentence on the category of :func:`leading_in`, with the words that led to it; empty where none leads."""
    leading = leading_in(connection, inst, brand, since, until, label=label)
    if leading is None:
        return ""
    return leading.sentence(tag_name(category_names(inst.settings), CATEGORY, leading.category).lower())
