"""Which column of a file holds what: by the names that exports of surveys, help desks and review sites usually give."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from errors import GroundswellError
from mentions.mention import RatingScale
from services.files.rows import Field

# In order of preference; what stands first wins where a file has several.
_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEXT: (
        "text", "comment", "comments", "verbatim", "verbatims", "feedback", "message", "review", "review text",
        "comment text", "body", "content", "open comment", "open answer", "answer", "response", "description",
    ),
    Field.TITLE: ("title", "subject", "headline", "review title", "summary"),
    Field.PUBLISHED: (
        "published", "published at", "date", "created", "created at", "created time", "creation date", "response date",
        "date submitted", "submitted", "submitted at", "completed at", "end date", "recorded date", "review date",
        "posted", "posted at", "timestamp", "datetime", "date time", "time",
    ),
    Field.ID: (
        "id", "response id", "responseid", "review id", "comment id", "ticket id", "case id", "case number",
        "message id", "post id", "external id", "uuid", "respondent id",
    ),
    Field.AUTHOR: (
        "author", "author name", "name", "full name", "customer", "customer name", "respondent", "reviewer", "user",
        "from",
    ),
    Field.HANDLE: ("handle", "username", "user name", "screen name", "account"),
    Field.URL: ("url", "link", "permalink", "address of post"),
    Field.LANGUAGE: ("language", "lang", "locale", "user language", "language code"),
    Field.LIKES: ("likes", "like count", "favorites", "favourites", "upvotes"),
    Field.REPLIES: ("replies", "reply count", "comment count"),
    Field.REPOSTS: ("reposts", "shares", "retweets", "repost count", "share count"),
    Field.VIEWS: ("views", "view count", "impressions"),
    Field.FOLLOWERS: ("followers", "follower count", "followers count"),
    Field.BRAND: ("brand",),
    Field.RATING_WORST: ("rating worst",),
    Field.RATING_BEST: ("rating best",),
    Field.RATING_SCALE: ("rating scale",),
}  # fmt: skip
# A column of one of these names says itself what was asked.
_SCALES: Mapping[RatingScale, tuple[str, ...]] = {
    RatingScale.NPS: ("nps", "nps score", "net promoter score", "likelihood to recommend", "recommend"),
    RatingScale.CSAT: ("csat", "csat score", "satisfaction", "satisfaction score", "customer satisfaction"),
    RatingScale.CES: ("ces", "ces score", "effort", "effort score", "customer effort score"),
    RatingScale.STARS: ("stars", "rating", "star rating", "review rating"),
}
_UNSAID = ("score", "grade", "points", "value")
# Only in a file that says which key a mention has, which is one of our own exports.
_OWN = {Field.KEY: "key", Field.SOURCE: "source", Field.DATING: "dating"}


class ColumnsError(GroundswellError):
    """The columns of a file do not hold what is needed."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A mapping of a file.

    Attributes:
        by_field: names of columns.
        scale: what the rating's column says it was asked as, None where it does not.
        unread: names of the columns that are not read.
    """

    by_field: Mapping[Field, str]
    scale: RatingScale | None
    unread: tuple[str, ...]

    def of(self, row: Mapping[str, object]) -> dict[Field, object]:
        """What a row tells, by field."""
        return {field: row.get(name) for field, name in self.by_field.items()}


def map_columns(
    subject: str, names: Sequence[str], given: Mapping[Field, str], asked_as: RatingScale | None = None
) -> Columns:
    """Find the columns by what the user says, else by their usual names, which count without case and punctuation.

    Args:
        subject: the file, for errors.
        given: columns that the user named.
        asked_as: the scale that the user named; then a column called "score" or the like holds the rating.

    Raises:
        ColumnsError: a named column is not there, or no column holds a text.
    """
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    taken: dict[Field, str] = {}
    for field, name in given.items():
        taken[field] = name if name in names else plain.get(_plain(name), "")
        if not taken[field]:
            raise _missing(subject, field, name, names)
    for field, name in (*_usual(plain), *_rating(plain, asked_as)):
        if name not in taken.values():
            taken.setdefault(field, name)
    if not {Field.TEXT, Field.TITLE} & taken.keys():
        raise ColumnsError(
            subject,
            f"no column is known to hold the text. It has: {', '.join(names)[:500]}.",
            "Say which one: --map text=COLUMN. Nothing was imported.",
        )
    scale = next((one for one, usual in _SCALES.items() if _plain(taken.get(Field.RATING, "")) in usual), None)
    return Columns(taken, scale, tuple(name for name in names if name not in taken.values()))


def _usual(plain: Mapping[str, str]) -> Iterator[tuple[Field, str]]:
    if "key" in plain:
        yield from ((field, plain[name]) for field, name in _OWN.items() if name in plain)
    for field, usual in _USUAL.items():
        yield from ((field, plain[name]) for name in usual if name in plain)


def _rating(plain: Mapping[str, str], asked_as: RatingScale | None) -> Iterator[tuple[Field, str]]:
    scales = [asked_as] if asked_as else list(_SCALES)
    for scale in scales:
        yield from ((Field.RATING, plain[name]) for name in _SCALES[scale] if name in plain)
    if asked_as:
        yield from ((Field.RATING, plain[name]) for name in (*_UNSAID, *_SCALES[RatingScale.STARS]) if name in plain)


def _plain(name: str) -> str:
    # Column names come as "Response_Date", "responseDate", "Response date (UTC)".
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\(.*?\)", " ", name))
    return " ".join(re.findall(r"[^\W_]+", parted.casefold()))


def _missing(subject: str, field: Field, name: str, names: Sequence[str]) -> ColumnsError:
    near = difflib.get_close_matches(name, names, 1)
    remedy = f'Did you mean "{near[0]}"?' if near else f"It has: {', '.join(names)[:500]}."
    return ColumnsError(
        subject, f'there is no column "{name}", which is to hold {field}.', f"{remedy} Nothing was imported."
    )
