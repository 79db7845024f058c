"""Seeds of made traffic: a few for every run, many more for a long one."""

from __future__ import annotations

import pytest


def seeds(few: int, many: int) -> list[object]:
    """The first ones, and up to ``many`` for ``make soak`` alone."""
    return [*range(few), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(few, many))]
