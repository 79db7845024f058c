"""How a rehearsed incident is told from a real one: by the id of its brand, which nobody can configure.

A drill has a brand of its own, ``drill:7:northwind``, that stands for a real one. What is counted, judged and opened of
it is counted, judged and opened of nothing else, because all of that goes by the id of a brand.
"""

from __future__ import annotations

# No id in the settings holds a colon.
BEGINNING = "drill:"


def drill_brand(number: int, brand: str) -> str:
    """The id of the brand that a drill is about, in place of the real brand's."""
    return f"{BEGINNING}{number}:{brand}"


def is_drill(brand: str) -> bool:
    """Whether the id of a brand is that of a drill."""
    return brand.startswith(BEGINNING)


def real_brand(brand: str) -> str:
    """The id of the real brand that a drill's stands for; a real one stands for itself."""
    return brand.split(":", 2)[2] if is_drill(brand) else brand
