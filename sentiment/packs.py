"""Packs of words: what the lexicon of VADER lacks, or rates otherwise than people who complain.

A pack is a file of tab-separated lines, ``term<TAB>valence[<TAB>note]``, under comment lines that begin with "# " and
may name its ``pack``, ``version`` and ``language`` (docs/words.md). Those in lexicons/ come with Groundswell; the files
of a team have the same format.
"""

from __future__ import annotations

import hashlib
import math
import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType

from errors import GroundswellError

# VADER's own scale: https://github.com/cjhutto/vaderSentiment#resources-and-dataset-descriptions
STRONGEST = 4.0
_COLUMNS = 3
_SUBTAG = re.compile("[a-z]{2,3}")  # of BCP 47, the primary one
_HEADER = re.compile(r"#\s+(pack|version|language):\s*(\S.*)")
# The engine leaves out punctuation around a word, but for what may be an emoticon.
_EMOTICON = 2
# How an emoji is drawn: variation selectors and tones of skin. They tell no feeling.
_DRAWN = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))
_APOSTROPHES = {0x2018: "'", 0x2019: "'"}


class PackError(GroundswellError):
    """A pack that cannot be read; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Words of a language with their valence.

    Attributes:
        name: shown beside the words that carried a score.
        version: as its header says, or a digest of the file.
        language: primary language subtag.
        valences: by term, which is a word, a phrase (words with one space between) or an emoji, in lower case; -4 to 4,
            where 0 says that it carries no feeling.
    """

    name: str
    version: str
    language: str
    valences: Mapping[str, float] = field(hash=False)


def built_in() -> tuple[str, ...]:
    """Names of the packs that come with Groundswell, in alphabetical order."""
    files = (resources.files(__package__) / "lexicons").iterdir()
    return tuple(sorted(file.name.removesuffix(".tsv") for file in files if file.name.endswith(".tsv")))


@cache  # the files are part of the installed package
def load_pack(name: str) -> Pack:
    """A pack that comes with Groundswell; PackError where none has that name."""
    if name not in built_in():
        raise PackError(
            f'pack "{name}"',
            "does not come with Groundswell.",
            f"Choose from {', '.join(built_in())}, or give the path of a file of your own.",
        )
    text = (resources.files(__package__) / "lexicons" / f"{name}.tsv").read_text(encoding="utf-8")
    return read_pack(text, name)


def read_pack(text: str, name: str) -> Pack:
    """The pack that a file holds; PackError with the number of the line that cannot be read.

    Args:
        text: of the file; where it begins with a byte order mark, that is left out.
        name: of the file, for errors; and of the pack, where its header gives it none.
    """
    header: dict[str, str] = {}
    valences: dict[str, float] = {}
    for subject, line in _lines(text, name):
        if line.startswith(("# ", "#\t")) or line == "#":
            header |= {match[1]: match[2].strip() for match in _HEADER.finditer(line)}
            continue
        term, valence = _entry(subject, line)
        if term in valences:
            raise PackError(subject, f'"{term}" stands in the pack twice.', "Keep one of the lines.")
        valences[term] = valence
    if not valences:
        raise PackError(name, "holds no words.", "Write one a line: the term, a tab and its valence.")
    language = header.get("language", "en").lower().replace("_", "-").partition("-")[0]
    if not _SUBTAG.fullmatch(language):
        problem = f'names the language "{header["language"]}", which is no code of one.'
        raise PackError(name, problem, "Write two or three letters, as # language: de.")
    version = header.get("version") or hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return Pack(header.get("pack", name), version, language, MappingProxyType(valences))


def _lines(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Lines that say something, each with where it stands."""
    # Not splitlines(): characters that it splits at may stand in a note.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield f"{name}:{number}", line.rstrip("\r\n")


def _entry(subject: str, line: str) -> tuple[str, float]:
    columns = line.split("\t")
    if not 1 < len(columns) <= _COLUMNS:
        raise PackError(
            subject,
            f"has {len(columns)} of the columns term, valence and note.",
            "Put one tab between the term and its valence, and one before a note.",
        )
    return _term(subject, columns[0]), _valence(subject, columns[1])


def _term(subject: str, written: str) -> str:
    """A term as texts are searched for it."""
    term = unicodedata.normalize("NFC", written).translate(_APOSTROPHES).lower()
    words = term.translate(_DRAWN).split()
    if not words:
        raise PackError(subject, "has no term.", "Write a word, a phrase or an emoji before the tab.")
    for word in words:
        bare = word.strip(string.punctuation)
        if bare != word and len(bare) > _EMOTICON:
            raise PackError(
                subject,
                f'"{word}" never matches: punctuation around a word is left out when a text is read.',
                f'Write "{bare}"; it also counts where a mark or a # stands beside it.',
            )
    return " ".join(words)


def _valence(subject: str, written: str) -> float:
    try:
        valence = float(written)
    except ValueError:
        valence = math.nan
    if not -STRONGEST <= valence <= STRONGEST:
        raise PackError(
            subject,
            f'the valence "{written.strip()}" is no number from -4 to 4.',
            "Write one, with a point for decimals: -1.5; 0 says that the term carries no feeling.",
        )
    return valence
