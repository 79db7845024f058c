"""Finding again what some people wrote, and who they are, where it is repeated: in letters, timelines, exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mentions.redaction import spelled

ERASED = "[erased]"
# Fewer characters than this are said by others, too, and are not looked for inside other texts.
_TELLING = 20
_URL = re.compile(r"https?://[^\s<>\"“”]+")
_PARTS = re.compile("[/@?=&#]")
_ACCOUNT = re.compile(r"(?<![\w@])(?:@|/?u/)([\w.-]+(?:@[\w.-]+)?)")


@dataclass(frozen=True, slots=True)
class Said:
    """What one mention says and who wrote it; ``source`` is the id of where."""

    source: str
    author: str | None
    handle: str | None
    url: str | None
    title: str
    text: str


class Quotes:
    """What some mentions say, to be found again.

    Args:
        said: the mentions.
        names: accounts and names of authors who are to be found wherever they are named; none to find the mentions.
    """

    def __init__(self, said: Iterable[Said], names: Iterable[str] = ()) -> None:
        said = tuple(said)
        self._names = {spelled(name) for name in names if name}
        self._authors = {(one.source, spelled(name)) for one in said for name in (one.author, one.handle) if name}
        self._urls = {one.url for one in said if one.url}
        self._texts = {text for one in said for text in (one.title, one.text) if text}
        self._by_beginning: dict[str, list[str]] = {}
        for text in sorted(self._texts, key=len, reverse=True):
            if len(text) >= _TELLING:
                self._by_beginning.setdefault(text[:_TELLING], []).append(text)
        self._may_begin = _beginning_of(self._by_beginning)

    def is_of(self, told: Mapping[str, Any]) -> bool:
        """Whether a post that is told of elsewhere, by fields as in :class:`Said`, is one of the mentions.

        Where authors are looked for, too, every post of theirs is.
        """
        if told.get("url") in self._urls:
            return True
        shown = [spelled(name) for name in (told.get("author"), told.get("handle")) if name]
        theirs = any((told.get("source"), name) in self._authors for name in shown)
        return (theirs and bool(self._names)) or ((theirs or not shown) and told.get("text") in self._texts)

    def without(self, told: Any) -> Any:
        """A value as of JSON in which no post is one of the mentions and no text repeats them or names an author."""
        if isinstance(told, str):
            return self._erased(told)
        if isinstance(told, Mapping):
            return {key: self.without(value) for key, value in told.items()}
        if isinstance(told, list | tuple):
            return [self.without(each) for each in told if not (isinstance(each, Mapping) and self.is_of(each))]
        return told

    def _erased(self, text: str) -> str:
        if text in self._texts:
            return ERASED
        if self._by_beginning:
            text = self._without_texts(text)
        if "://" in text:
            text = _URL.sub(self._without_link, text)
        if self._names and ("@" in text or "u/" in text):
            text = _ACCOUNT.sub(self._without_account, text)
        return ERASED if spelled(text) in self._names else text

    def _without_texts(self, text: str) -> str:
        parts, done = [], 0
        for at in (found.start() for found in self._may_begin.finditer(text)):
            some = self._by_beginning.get(text[at : at + _TELLING], ()) if at >= done else ()
            if whole := next((each for each in some if text.startswith(each, at)), None):
                parts += [text[done:at], ERASED]
                done = at + len(whole)
        return "".join([*parts, text[done:]])

    def _without_link(self, found: re.Match[str]) -> str:
        link = found[0].rstrip(".,;)")
        leads = link in self._urls or not self._names.isdisjoint(_PARTS.split(link.casefold()))
        return f"{ERASED}{found[0][len(link) :]}" if leads else found[0]

    def _without_account(self, found: re.Match[str]) -> str:
        return ERASED if spelled(found[1].rstrip(".-")) in self._names else found[0]


def _beginning_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Where one of some texts may begin, by its first two characters: however many there are, it stays a short one."""
    seconds: dict[str, set[str]] = {}
    for text in texts:
        seconds.setdefault(text[0], set()).add(text[1])
    some = (f"{re.escape(first)}(?=[{re.escape(''.join(sorted(then)))}])" for first, then in seconds.items())
    return re.compile("|".join(some))
