"""``${NAME}`` in settings: values that come from the environment, and texts that must.

Passwords and tokens are never written into the file, because files are shared, copied and committed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
# "$${" is a literal "${".
_REFERENCE = re.compile(rf"(?P<literal>\$\$\{{)|\$\{{(?P<name>{_NAME})\}}|\$\{{")
_ONLY_REFERENCES = re.compile(rf"(?:\$\{{{_NAME}\}})+")
_CREDENTIALS = re.compile(r"(?<=://)[^/:@]*:(?P<password>.+)(?=@)", re.DOTALL)
# libpq takes a password among an address's parameters too.
_PARAMETER = re.compile(r"://.*[?&][^=&]*password=(?P<password>[^&]+)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expansion:
    """A text with its references replaced.

    Attributes:
        text: the result; meaningless where something is unset or malformed.
        unset: names that the environment does not hold, in the order of the text.
        malformed: there is a ``${`` that does not open a name.
    """

    text: str
    unset: tuple[str, ...] = ()
    malformed: bool = False


def expand(text: str, environ: Mapping[str, str]) -> Expansion:
    """Replace every ``${NAME}``.

    In an address (``scheme://user:${PASSWORD}@host``) a name or password is percent-encoded as RFC 3986 (section
    3.2.1) asks, so that the environment holds the password as it is.
    """
    credentials = _CREDENTIALS.search(text)
    if credentials is None:
        return _replaced(text, environ, str)
    start, end = credentials.span()
    parts = (
        _replaced(text[:start], environ, str),
        _replaced(text[start:end], environ, _percent_encoded),
        _replaced(text[end:], environ, str),
    )
    return Expansion(
        "".join(part.text for part in parts),
        tuple(name for part in parts for name in part.unset),
        any(part.malformed for part in parts),
    )


def is_reference(text: str) -> bool:
    """Whether a text is made of references only, so that nothing secret stands in it."""
    return _ONLY_REFERENCES.fullmatch(text) is not None


def holds_password(address: str) -> bool:
    """Whether an address holds a password that is written out."""
    found = (_CREDENTIALS.search(address), _PARAMETER.search(address))
    return any(match and not is_reference(match["password"]) for match in found)


def escape(text: str) -> str:
    """A text that :func:`expand` turns back into this one."""
    return text.replace("${", "$${")


def _percent_encoded(value: str) -> str:
    return quote(value, safe="")


def _replaced(text: str, environ: Mapping[str, str], encode: Callable[[str], str]) -> Expansion:
    unset: list[str] = []
    malformed = False

    def value(reference: re.Match[str]) -> str:
        nonlocal malformed
        if reference["literal"]:
            return "${"
        name = reference["name"]
        if not name:
            malformed = True
        elif name not in environ:
            unset.append(name)
        return encode(environ.get(name or "", ""))

    return Expansion(_REFERENCE.sub(value, text), tuple(unset), malformed)
