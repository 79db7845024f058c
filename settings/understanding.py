"""What understanding is told: which words carry feeling, what posts are about, what is kept of their authors."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from mentions.redaction import Redaction
from settings.rules import BrandQuery, Identifier, Keep, Line, refused
from settings.section import Model

_SHORTEST_KEY = 16  # characters


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
    query removes it; so does ``critical`` with the critical words. ``tags`` holds kinds of tags the team counts by
    (product, region, stage), each with its rules.
    """

    categories: dict[Identifier, BrandQuery] = Field(default={})
    critical: dict[Identifier, BrandQuery] = Field(default={})
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

    @model_validator(mode="after")
    def _has_key(self) -> Self:
        if self.authors == "pseudonyms" and self.key is None:
            raise refused("Pseudonyms need a key.", "Write key: ${PRIVACY_KEY} and set that variable to a long secret.")
        if self.key is not None and len(self.key.get_secret_value()) < _SHORTEST_KEY:
            told = f"Give it {_SHORTEST_KEY} characters or more that nobody can guess, as of: openssl rand -hex 32."
            raise refused("The key is too short to protect anybody.", told)
        return self

    @property
    def redaction(self) -> Redaction:
        """What is left out of mentions before they are stored."""
        key = self.key.get_secret_value().encode() if self.key and self.authors == "pseudonyms" else None
        return Redaction(key, self.mask)
