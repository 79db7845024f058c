"""The playbooks that come with Groundswell, and how a playbook file is read."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from importlib import resources
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from pydantic import ValidationError

from errors import GroundswellError
from playbooks import cross_checks
from playbooks.document import Document, Fault, UnreadableError, place, shown
from playbooks.playbook import Playbook
from playbooks.playbook_file import PlaybookFile

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# For whatever no other playbook is made for.
DEFAULT = "communication-crisis"
PRAISE = "praise_wave"

# Faults that are told at once; whoever has more has another kind of file in hand.
_MOST = 100

_RIGHT = {
    "missing": "add it",
    "extra_forbidden": "remove it or correct its name",
    "model_type": "write a block of settings here",
    "tuple_type": "write a list here, each entry beginning with '-'",
    "too_short": "list at least one",
    "too_long": "list fewer",
    "string_type": "write text here",
    "string_too_short": "write at least a word",
    "string_unicode": "remove what is half a character",
}


class PlaybookError(GroundswellError):
    """A playbook that cannot be used; ``faults`` holds everything that is wrong in its file, in order of lines."""

    def __init__(self, subject: str, problem: str, remedy: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(subject, problem, remedy)
        self.faults = faults


def available() -> tuple[str, ...]:
    """Ids of all playbooks that come with Groundswell, sorted."""
    files = (PurePath(entry.name) for entry in resources.files("playbooks").iterdir())
    return tuple(sorted(file.stem for file in files if file.suffix == ".yaml"))


@functools.cache  # the files are part of the installed package and do not change under a running process
def load(playbook_id: str) -> Playbook:
    """A playbook that comes with Groundswell.

    Raises:
        PlaybookError: there is none with this id.
    """
    if playbook_id not in available():
        raise PlaybookError(f'playbook "{playbook_id}"', "does not exist.", f"Choose one of: {', '.join(available())}.")
    file = f"{playbook_id}.yaml"
    return parse(resources.files("playbooks").joinpath(file).read_text(encoding="utf-8"), file)


def load_or_default(playbook_id: str) -> Playbook:
    """The playbook of an incident, or :data:`DEFAULT` where that is not there any more: what goes on must be told."""
    return load(playbook_id if playbook_id in available() else DEFAULT)


def for_wave(kind: str, category: str | None) -> Playbook:
    """The playbook for a wave, of those that come with Groundswell; as :func:`choose`."""
    return choose([load(playbook_id) for playbook_id in available()], kind, category)


def choose(playbooks: Sequence[Playbook], kind: str, category: str | None, own: Collection[str] = ()) -> Playbook:
    """The playbook that names the category of a wave, else the one that names its kind, else :data:`DEFAULT`.

    What people complain of says more about what to do than how many they are; praise is praise, whatever it is of.
    Where several name the same, a team's own is taken before one that comes with Groundswell, then the first by its id,
    so that the same wave always gets the same steps.

    Args:
        playbooks: in any order; the default is among them.
        kind: of the signal, as ``negative_wave``.
        category: the crisis category, None where none leads.
        own: ids of those that are a team's own.
    """
    ordered = sorted(playbooks, key=lambda playbook: (playbook.id not in own, playbook.id))
    made_for = (
        *(playbook for playbook in ordered if kind == PRAISE and kind in playbook.kinds),
        *(playbook for playbook in ordered if category in playbook.categories),
        *(playbook for playbook in ordered if kind in playbook.kinds),
        *(playbook for playbook in ordered if playbook.id == DEFAULT),
    )
    return made_for[0]


def parse(text: str | bytes, file: str) -> Playbook:
    """Read a playbook from the text of a YAML file; its id is the file's name without the ending.

    Raises:
        PlaybookError: with everything that is wrong, at once; nothing else, whatever the file holds.
    """
    try:
        document = Document(text if isinstance(text, str) else _decoded(text))
    except UnreadableError as error:
        raise _refused(file, [error.fault]) from error
    faults = [*islice(document.written_twice(), _MOST), *islice(cross_checks.faults(document), _MOST)]
    try:
        parsed = PlaybookFile.model_validate(document.content)
    except ValidationError as error:
        faults += [_fault(document, details) for details in error.errors()[:_MOST]]
        raise _refused(file, faults) from error
    if faults:
        raise _refused(file, faults)
    return parsed.playbook(PurePath(file).stem)


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        fault = Fault(line, "a character", f"the byte {text[error.start]:#04x}", "save the file as text in UTF-8")
        raise UnreadableError(fault) from error


def _refused(file: str, faults: Sequence[Fault]) -> PlaybookError:
    ordered = tuple(sorted(faults, key=lambda fault: fault.line))[:_MOST]
    listing = "".join(f"\n  {fault}" for fault in ordered)
    subject = f"{file}:{ordered[0].line}"
    return PlaybookError(subject, "cannot be used as a playbook.", f"Correct:{listing}", ordered)


def _fault(document: Document, details: ErrorDetails) -> Fault:
    location, kind = details["loc"], details["type"]
    right = _RIGHT.get(kind, details["msg"])
    if kind == "value_error":
        right = str(details["ctx"]["error"])
    elif kind == "enum":
        right = f"write {details['ctx']['expected'].replace(chr(39), '')}"
    value = "" if kind == "missing" else shown(details["input"])
    return Fault(document.line_of(location), place(location), value, right)
