"""Answers of the API as an assistant gets them: ours in fields, words of others in one field beside them, all bounded.

What counts as ours is listed, and has to look like it: numbers, moments, ids, what the settings and the playbooks say.
Every other text goes into ``untrusted_text``, also one that is new in the API.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.untrusted import Draw, Marking, cut, drawn, marking, visible

UNTRUSTED = "untrusted_text"
# Names of words with which the API tells things apart; whoever has a sentence to say cannot do so without a blank.
_WORDS = {
    "id", "brand", "kind", "status", "severity", "severity_seen", "category", "tone", "state", "source", "language",
    "outcome", "reason", "verdict", "mood", "found_by", "playbook", "version", "key", "after", "statement", "assignee",
    "incident_severity", "by", "next", "step", "seen", "statement_kind", "span",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,80}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
# What the playbooks say, by where it stands: the team chose them.
PLAYBOOK = frozenset({
    "title", "why", "how", "role", "you_may", "phase", "evidence_asked", "evidence", "approval", "summary", "text",
    "categories", "kinds", "name",
})  # fmt: skip
_STEP = PLAYBOOK - {"evidence", "text"}
_NAME = frozenset({"name"})
_NOTHING = frozenset[str]()
_OURS = 2_000  # characters of a text of ours


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an answer holds: characters of each text of others, and items of each list."""

    text: int = 600
    items: int = 50


def told(
    record: Mapping[str, Any], bounds: Bounds, ours: frozenset[str] = _NOTHING, draw: Draw = drawn
) -> dict[str, Any]:
    """An answer of the API for an assistant.

    Args:
        ours: names of fields with sentences that come from the settings or the playbooks.
    """
    return _Telling(marking(_texts(record), bounds.text, draw), bounds).record(record, ours)


@dataclass(frozen=True, slots=True)
class _Telling:
    marks: Marking
    bounds: Bounds

    def record(self, record: Mapping[str, Any], ours: frozenset[str]) -> dict[str, Any]:
        shown, others = dict[str, Any](), dict[str, object]()
        named = set(record) == {"id", "name"}  # a person or a brand of the settings
        for name, value in list(record.items())[: 2 * self.bounds.items]:
            if _is_ours(name, value, _NAME if named else ours):
                shown[name] = self._own(value)
            elif isinstance(value, str):
                others[name] = value
            elif isinstance(value, list) and not all(isinstance(one, Mapping | int | float) for one in value):
                others[name] = value[: self.bounds.items]
            elif isinstance(value, Mapping):
                shown[name] = self.record(value, _STEP if name == "next" else ours)
            elif isinstance(value, list):
                shown |= self._items(name, value, ours)
            else:
                shown[name] = value
        return shown | {UNTRUSTED: self.marks.marked(others)} if others else shown

    def _items(self, name: str, values: list[Any], ours: frozenset[str]) -> dict[str, Any]:
        within = _STEP if name == "steps" and not ours else ours
        kept = values[: self.bounds.items]
        told_items = [self.record(one, within) if isinstance(one, Mapping) else one for one in kept]
        left = len(values) - len(kept)
        return {name: told_items, f"{name}_left_out": left} if left else {name: told_items}

    def _own(self, value: object) -> object:
        if isinstance(value, list):
            return [self._own(one) for one in value[: self.bounds.items]]
        return visible(cut(value, _OURS)) if isinstance(value, str) else value


def _is_ours(name: str, value: object, ours: frozenset[str]) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) and _is_ours(name, one, ours) for one in value)
    if not isinstance(value, str):
        return False
    return (
        not value or name in ours or bool(_MOMENT.fullmatch(value)) or (name in _WORDS and bool(_WORD.fullmatch(value)))
    )


def _texts(value: object) -> Iterator[str]:
    """Every text of an answer, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
