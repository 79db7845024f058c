"""Why a row of a file, or an entry of a delivery, is not taken."""

from __future__ import annotations


class RowError(ValueError):
    """One row cannot be read; its text says why, in a sentence. The others are not concerned."""


class WordlessError(RowError):
    """There is nothing to read in it: a survey's score without a word."""

    def __init__(self) -> None:
        super().__init__("It has no text.")
