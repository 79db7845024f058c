"""What somebody typed and sent when it could not be taken: it is carried along until it can be sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from console.reader import FORM_TOKEN
from console.security import own_path

ACTION, PREFIX = "kept_action", "kept."
# What must not stand in the source of a page; whoever typed it types it again.
_NOT_KEPT = {FORM_TOKEN, "old", "password"}
# What people type, by the last part of the address that it is sent to, and by the name of the field.
_TYPED = {
    "notes": "Your note",
    "correct": "Your correction",
    "updates": "Your internal update",
    "edit": "Your version of the statement",
    "statements": "Your statement",
    "review": "What you wrote in the review",
}
_FIELDS = {
    "evidence": "What you show for the step",
    "title": "Your task",
    "reason": "Your reason",
    "url": "Your link",
    "words": "What was said",
    "said_by": "Who said it",
    "note": "Your note",
    "summary": "What happened",
    "worked": "What worked",
    "people": "People",
    "process": "Process",
    "technology": "Technology",
    "changes": "What we change",
    "actions": "Who does what until when",
}
_ONE_LINE = 100


def labels(path: str) -> Mapping[str, str]:
    """What pages call what people typed, by the name of the field."""
    return {"text": _TYPED.get(path.rpartition("/")[2], "Your words"), **_FIELDS}


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``label`` is empty where it holds nothing that people type."""

    name: str
    value: str
    label: str

    @property
    def is_long(self) -> bool:
        """Whether it needs more than a line."""
        return self.name in {"text", "words"} or "\n" in self.value or len(self.value) > _ONE_LINE


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent.

    Attributes:
        action: where it goes, a path of this console.
    """

    action: str
    fields: tuple[Field, ...]

    @classmethod
    async def of(cls, request: Request) -> Kept:
        """What a request sent, but for passwords and the token of its session."""
        return cls.from_pairs(_here(request), [pair for pair in await _pairs(request) if pair[0] not in _NOT_KEPT])

    @classmethod
    async def carried(cls, request: Request) -> Kept | None:
        """What a form for signing in carries along, None where it carries nothing."""
        pairs = await _pairs(request)
        action = dict(pairs).get(ACTION, "")
        carried = [(name.removeprefix(PREFIX), value) for name, value in pairs if name.startswith(PREFIX)]
        return cls.from_pairs(own_path(action), carried) if action else None

    @classmethod
    def from_fields(cls, request: Request, fields: Mapping[str, str]) -> Kept:
        """Fields that go where the request went."""
        return cls.from_pairs(_here(request), fields.items())

    @classmethod
    def from_pairs(cls, action: str, pairs: Iterable[tuple[str, str]]) -> Kept:
        """Fields in their order."""
        named = labels(action.partition("?")[0])
        return cls(action, tuple(Field(name, value, named.get(name, "") if value else "") for name, value in pairs))

    @property
    def typed(self) -> Sequence[Field]:
        """What people typed of it."""
        return [field for field in self.fields if field.label]

    @property
    def back(self) -> tuple[str, str]:
        """The page that the form stood on, as far as its address tells, and what to call it."""
        parts = self.action.partition("?")[0].split("/")
        if parts[1:2] == ["incidents"]:
            return "/".join(parts[:3]), "Back to the incident"
        return "/".join(parts[:2]) or "/", "Leave it"


async def _pairs(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]


def _here(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
