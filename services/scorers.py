"""The scorers of a team: its packs, its thresholds, and the words of its brands that carry no feeling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sentiment.packs import Pack, PackError, built_in, load_pack, read_pack
from sentiment.scorer import Scorer, Thresholds
from services.model_file import read_model_file
from settings.model import Brand, Settings


def scorers(settings: Settings) -> Mapping[str, Scorer]:
    """By brand id, because a brand's own words carry no feeling for that brand.

    Raises:
        PackError: a pack cannot be read.
        ModelError: the model that the settings name cannot be used.
    """
    words = settings.sentiment
    packs = load_packs(words.packs, settings.path.parent)
    thresholds = Thresholds(words.negative_from, words.positive_from)
    learned = read_model_file(settings.path.parent / words.model) if words.model else None
    return {
        brand.id: Scorer(neutral_words(brand), packs, thresholds, language=brand.language, learned=learned)
        for brand in settings.brands
    }


def neutral_words(brand: Brand) -> tuple[str, ...]:
    """What carries no feeling when it is about a brand."""
    return (brand.name, *brand.phrases, *brand.neutral)


def load_packs(names: Iterable[str], folder: Path) -> tuple[Pack, ...]:
    """Packs by the names of those that come with Groundswell, or by files, seen from a folder.

    Raises:
        PackError: there is no such pack, or it cannot be read.
    """
    return tuple(load_pack(name) if name in built_in() else _read(name, folder) for name in names)


def _read(name: str, folder: Path) -> Pack:
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        remedy = f"Name a file that can be read, or one of: {', '.join(built_in())}."
        raise PackError(f'pack of words "{name}"', f"It cannot be read ({reason}).", remedy) from None
    return read_pack(text, name)
