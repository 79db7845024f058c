"""How Groundswell names itself to the services it reads."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version


@cache
def _version() -> str:
    """Read once: finding it takes longer than a request's other preparations together."""
    return version("groundswell")


def user_agent(contact: str) -> str:
    """The User-Agent header (RFC 9110, section 10.1.5): ``groundswell/0.1.0 (+https://example.com/contact)``.

    ``contact`` is a mail or web address where operators of a service can complain; empty where a team gives none.
    """
    product = f"groundswell/{_version()}"
    # Parentheses would end the comment, and headers carry printable ASCII only.
    safe = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "()\\")
    return f"{product} (+{safe})" if safe else product
