"""What understanding is told: which words carry feeling, what posts are about, what is kept of their authors."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from settings.rules import BrandQuery, Identifier, Keep, Line
from settings.section import Model


class Sentiment(Model):
    """How texts are scored.

    ``packs`` are names of packs that come with Groundswell, or files of the team's own; later ones outweigh earlier
    ones. Compound scores up to ``negative_from`` and from ``positive_from`` on have a tone, those between are neutral.
    ``model`` is a file that "groundswell learn" wrote; it is used because it is named here.
    """

    packs: tuple[Line, ...] = ("general", "customer_service", "crisis")
    negative_from: float = Field(default=-0.05, ge=-1, lt=0)
    positive_from: float = Field(default=0.05, gt=0, le=1)
    model: Path | None = None


class Topics(Model):
    """What posts are about, by rules that are queries (docs/queries.md).

    ``categories`` adds to the crisis categories that come with Groundswell, or replaces one of the same name; an empty
    query removes it. ``tags`` holds kinds of tags the team counts by (product, region, stage), each with its rules.
    """

    categories: dict[Identifier, BrandQuery] = Field(default={})
    tags: dict[Identifier, dict[Identifier, BrandQuery]] = Field(default={})


class Privacy(Model):
    """What is kept of people.

    ``authors`` as names, or as pseudonyms that ``key`` makes; ``mask`` hides mail addresses and numbers of phones,
    cards and accounts in texts before they are stored; after ``keep`` texts and authors are erased, counts stay.
    """

    authors: Literal["names", "pseudonyms"] = "names"
    key: SecretStr | None = None
    mask: bool = False
    keep: Keep | None = None
