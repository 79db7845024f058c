"""Texts of strangers in CSV: a spreadsheet must not take them for formulas, and reading must give them back.

A cell that begins with one of a few characters is calculated when a spreadsheet opens the file
(https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe before it makes it a text. Cells that begin with
apostrophes and then such a character get one more, so that taking one away always gives back what there was.
"""

from __future__ import annotations

import re

# The last four are the full-width forms, which some spreadsheets take for the others.
_TRIGGERS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_CALCULATED = re.compile(f"'*[{_TRIGGERS}]")
_NEUTRALISED = re.compile(f"'+[{_TRIGGERS}]")


def neutralised(cell: str) -> str:
    """The cell as a text for spreadsheets."""
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def unneutralised(cell: str) -> str:
    """What :func:`neutralised` was given; other tools mark texts in the same way."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
