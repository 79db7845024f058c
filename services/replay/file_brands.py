"""The brands of a file of mentions, for somebody who has no settings yet."""

from __future__ import annotations

from pathlib import Path

from errors import GroundswellError
from services.files.columns import map_columns
from services.files.importing import Choices, id_of
from services.files.row_files import open_rows
from services.files.rows import Field
from settings.model import Brand
from sources.reading.text import one_line

MOST_BRANDS = 50
# What a row is about stands in its column: of its words nothing is asked. ``zxx`` is no language, by ISO 639-2.
_NOTHING = "lang:zxx"
_LONGEST_NAME = 80


class FileBrandsError(GroundswellError):
    """No brands can be made of a file."""


def brands_in(path: Path, choices: Choices) -> tuple[Brand, ...]:
    """The brands that the rows of a file name in their brand column; none where it has no such column.

    Raises:
        RowFileError: it is no file of rows.
        ColumnsError: its columns do not hold what is needed.
        FileBrandsError: there are too many to be brands.
    """
    with open_rows(path, choices.encoding) as file:
        columns = map_columns(str(path), file.header, choices.columns)
        if Field.BRAND not in columns.by_field:
            return ()
        written = (columns.of(row.values).get(Field.BRAND) for row in file.rows if not row.problem)
        names: dict[str, str] = {}
        for value in written:
            name = one_line(str(value or ""), _LONGEST_NAME)
            if name:
                names.setdefault(name.casefold(), name)
            if len(names) > MOST_BRANDS:
                told = f'names more than {MOST_BRANDS} brands in its column "{columns.by_field[Field.BRAND]}".'
                remedy = "Say which column names the brand, as --map brand=COLUMN, or --brand NAME for all of it."
                raise FileBrandsError(str(path), told, remedy)
    return _numbered([*names.values()])


def brand_called_so(name: str) -> Brand:
    """A brand that a whole file is about."""
    return Brand(id=id_of(name) or "brand", name=one_line(name, _LONGEST_NAME) or "brand", query=_NOTHING)


def _numbered(names: list[str]) -> tuple[Brand, ...]:
    """A brand for each name; ids that would be the same, or empty, are numbered."""
    brands: dict[str, Brand] = {}
    for number, name in enumerate(names, 1):
        brand = brand_called_so(name)
        if brand.id in brands or not id_of(name):
            brand = brand.model_copy(update={"id": f"{brand.id[:56]}-{number}"})
        brands[brand.id] = brand
    return tuple(brands.values())
