"""From a template to the first draft of a statement, and what people still have to fill in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import asdict

from jinja2 import Template

from playbooks.facts import Facts
from playbooks.playbook import Playbook, Severity, StatementTemplate
from playbooks.wording import environment

# A link in Markdown ([our page](https://...)), with a definition elsewhere ([our page][1]), and the definition itself.
_LINK = re.compile(r"\[[^\[\]]*\](?:\((?:https?:|mailto:|tel:|www\.|/|#)[^()\s]*\)|\[[^\[\]]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]+\]:\s.*$", re.MULTILINE)
# Up to the next bracket; one that is never closed ends with its line.
_BRACKET = re.compile(r"\[([^\[\]]*)\]|\[([^\[\]\n]*)$", re.MULTILINE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
# What is filled into a draft: its blanks, and the times of day that pass while it is read.
_OPEN = re.compile(r"\[[^\[\]]*\]|\b\d{1,2}:\d{2}\b")
_EDITORIAL = {"sic"}


def offered(playbook: Playbook, severity: Severity, category: str | None, brand: str) -> tuple[StatementTemplate, ...]:
    """The templates that are meant for an incident, in the playbook's order."""
    return tuple(one for one in playbook.statements if one.applies.to(severity, category, brand))


def render(template: StatementTemplate, facts: Facts) -> str:
    """The draft of a statement as plain text.

    Facts are data: whatever they hold stands in the text as it is, and is not read as a template. The template was
    checked when its playbook was read and cannot fail here.
    """
    text = _compiled(template.text).render(asdict(facts))
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def blanks(text: str) -> tuple[str, ...]:
    """The places that people have to fill in, without their brackets, in order: ``where people get help``.

    A blank stands in square brackets and holds a word: ``[time]``, ``[what we do now]``. Footnotes (``[1]``, ``[a]``),
    omissions (``[...]``), ``[sic]`` and Markdown links (``[our page](https://...)``) are none. A bracket that is
    opened and never closed is one: half a blank must not be published either.
    """
    without_links = _DEFINITION.sub("", _LINK.sub("", text))
    return tuple(_blanks(without_links))


def is_filled_in(draft: str, text: str) -> bool:
    """Whether a text says what a draft says, with nothing but its blanks and its times of day made other."""
    first, *others = _OPEN.split(" ".join(draft.split()))
    rest = " ".join(text.split())
    if not others:
        return rest == first
    if not rest.startswith(first):
        return False
    at = len(first)
    for words in others[:-1]:
        found = rest.find(words, at)
        if found < 0:
            return False
        at = found + len(words)
    return rest.endswith(others[-1]) and len(rest) - len(others[-1]) >= at


def _blanks(text: str) -> Iterator[str]:
    for match in _BRACKET.finditer(text):
        inner = " ".join((match[1] if match[1] is not None else match[2]).split())
        if _LETTERS.search(inner) and inner.casefold() not in _EDITORIAL:
            yield inner


@functools.lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return environment().from_string(source)
