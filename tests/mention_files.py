"""Files of mentions for tests."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from mentions.mention import Mention

COLUMNS = ("id", "brand", "author", "published_at", "text")


def write_mentions(file: Path, mentions: Iterable[Mention], brand: str = "", more: Iterable[str] = ()) -> Path:
    """A CSV file of mentions, with a brand column where a brand is named, and further lines as they are."""
    names = [name for name in COLUMNS if brand or name != "brand"]
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        for one in mentions:
            values = {
                "id": one.key,
                "brand": brand,
                "author": one.author,
                "published_at": one.published.at.isoformat(),
                "text": one.text,
            }
            writer.writerow([values[name] for name in names])
        out.writelines(f"{line}\r\n" for line in more)
    return file
