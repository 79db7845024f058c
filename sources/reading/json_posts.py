"""Posts in JSON of any shape, taken out of it by expressions."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Language, Link, Maybe, read_items
from sources.reading.expressions import Expression, extract


class Fields(BaseModel):
    """Where in a post each of its parts is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Expression = Field(description="what tells it apart from all others of this API", examples=["id"])
    title: Expression | None = Field(default=None, description="its title")
    text: Expression | None = Field(default=None, description="its text")
    url: Expression | None = Field(default=None, description="its full address, for people to open")
    author: Expression | None = Field(default=None, description="the name of who wrote it")
    handle: Expression | None = Field(default=None, description="the account of who wrote it")
    published: Expression | None = Field(
        default=None, description="when: ISO 8601, as in mails (RFC 2822), or seconds or milliseconds since 1970"
    )
    language: Expression | None = Field(default=None, description="its language, as en or en-GB")
    likes: Expression | None = Field(default=None, description="how many liked it")
    replies: Expression | None = Field(default=None, description="how many answered it")
    reposts: Expression | None = Field(default=None, description="how many passed it on")
    followers: Expression | None = Field(default=None, description="how many follow its author")
    rating: Expression | None = Field(default=None, description="the figure its author gave, such as stars")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.title is None and self.text is None:
            raise ValueError("must say where the title or the text is")
        return self


def _moment(value: object, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError:
        try:
            return parsedate_to_datetime(str(value))
        except (ValueError, IndexError, OverflowError):
            raise ValueError("not a date") from None


class Post(BaseModel):
    """A post as the expressions found it."""

    id: Identifier
    title: Maybe[str] = None
    text: Maybe[str] = None
    url: Maybe[Link] = None
    author: Maybe[Identifier] = None
    handle: Maybe[Identifier] = None
    published: Maybe[Annotated[datetime, WrapValidator(_moment)]] = None
    language: Maybe[Language] = None
    likes: Maybe[Count] = None
    replies: Maybe[Count] = None
    reposts: Maybe[Count] = None
    followers: Maybe[Count] = None
    rating: Maybe[float] = None


def read_posts(answer: Answer, items: object, fields: Fields) -> tuple[tuple[Post, ...], int]:
    """The posts of a list of any things, and how many of those have no id where one is expected.

    Raises:
        SourceError: it is no list, or none of several has an id.
    """
    if isinstance(items, list):
        items = [{name: extract(where, item) for name, where in fields} for item in items]
    return read_items(answer, Post, items)
