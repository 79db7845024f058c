"""What a YAML parser complains of, in words for people who do not write YAML every day.

The parser's own words are not passed on: they quote the file, and what they quote may be a password.
"""

from __future__ import annotations

import yaml

from settings.problems import Problem

_QUOTE = 'Put quotes around the text: "...".'

# What the parser's message holds; whether the start of the construct is the better line; problem; remedy.
_EXPLANATIONS: tuple[tuple[str, bool, str, str], ...] = (
    ("nested too deeply", False, "Nested too deeply.", "Settings need no more than a few levels; see the example."),
    ("undefined alias", False, "A text starts with *, which YAML takes for a reference.", _QUOTE),
    ("duplicate anchor", False, "The same reference (&) is defined twice.", "Use each name once."),
    ("alphabetic or numeric character", False, "A text starts with * or &, which YAML keeps for itself.", _QUOTE),
    ("mapping values are not allowed", False, 'A ":" stands where none can be.', f"Check the indentation. {_QUOTE}"),
    ("could not find expected ':'", True, 'A ":" is missing.', 'Write "key: value", with a space after the colon.'),
    ("unknown escape", False, "A backslash inside double quotes.", "Use single quotes: '...'."),
    ("hexdecimal", False, "A backslash inside double quotes.", "Use single quotes: '...'."),
    ("while scanning a quoted scalar", True, "A quote is opened here and never closed.", "Close it."),
    ("while parsing a flow", True, "A bracket is opened here and never closed.", "Close it, with commas between."),
    ("cannot start any token", False, "A text starts with a character that YAML keeps for itself.", _QUOTE),
    ("while scanning a tag", True, "A text starts with !, which YAML keeps for itself.", _QUOTE),
    ("undefined tag handle", False, "A text starts with !, which YAML keeps for itself.", _QUOTE),
    ("<block end>", False, "The indentation does not fit.", "Line this up with the entries above it."),
    ("<block mapping start>", False, "The indentation does not fit.", "Line this up with the entries above it."),
    ("single document", False, "A second document (---) starts here.", "Keep one, and remove the line of dashes."),
)


def explain(error: yaml.YAMLError, text: str) -> Problem:
    """What to correct, and in which line."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(line, "", "", "A control character that YAML does not allow.", "Remove it, or retype the line.")
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(None, "", "", "The file is not YAML.", "See groundswell.example.yaml.")
    line = _line(error.problem_mark)
    if _indented_with_tab(text, line):
        return Problem(line, "", "", "A tab stands in the indentation.", "Indent with spaces only.")
    message = f"{error.context} {error.problem}"
    for part, from_start, problem, remedy in _EXPLANATIONS:
        if part in message:
            return Problem(_line(error.context_mark) if from_start else line, "", "", problem, remedy)
    return Problem(
        line, "", "", "This is not YAML.", "Check quotes, colons and indentation here and in the line above."
    )


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 1


def _indented_with_tab(text: str, line: int) -> bool:
    lines = text.splitlines()
    if line > len(lines):
        return False
    indentation = lines[line - 1][: -len(lines[line - 1].lstrip()) or None]
    return "\t" in indentation
