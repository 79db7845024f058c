"""What pydantic finds wrong, in words that say what would be right."""

from __future__ import annotations

from typing import Any

from pydantic_core import ErrorDetails

_WHOLE = ("is not a whole number.", "Write digits only.")
_LIST = ("is not a list.", "Write it as [one, two], or one entry a line, each after a dash.")
_SECTION = ("must be a section.", "Write its keys below it, indented by two spaces.")
_TEXT = ("must be a single text.", "Write it after the colon, on the same line.")

# By the type of pydantic's error: https://docs.pydantic.dev/latest/errors/validation_errors/
_WORDS: dict[str, tuple[str, str]] = {
    "bool_parsing": ("is neither true nor false.", "Write true or false."),
    "bool_type": ("is neither true nor false.", "Write true or false."),
    "dict_type": _SECTION,
    "float_parsing": ("is not a number.", "Write it as 10 or 2.5."),
    "float_type": ("is not a number.", "Write it as 10 or 2.5."),
    "frozen_set_type": _LIST,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "list_type": _LIST,
    "model_type": _SECTION,
    "path_type": _TEXT,
    "string_type": _TEXT,
    "tuple_type": _LIST,
    "zoneinfo_str": ("is not a time zone.", "Write a name such as Europe/Berlin, America/New_York or UTC."),
}


def describe(error: ErrorDetails, example: str = "") -> tuple[str, str]:
    """The problem, as it goes on from the value, and the remedy; ``example`` is a right value where one is known."""
    context: dict[str, Any] = error.get("ctx", {})
    kind = error["type"]
    if kind == "missing":
        return "is missing.", f'Add it, as in "{error["loc"][-1]}: {example or "..."}".'
    if kind == "refused":
        return context["problem"], context["remedy"]
    if kind == "value_error":
        text = _sentence(str(context["error"]))
        return (text, "") if text.startswith("must") else ("is not accepted:", text)
    if kind in {"enum", "literal_error"}:
        return "is not one of the choices.", f"Write {context['expected'].replace(chr(39), '')}."
    if kind == "string_pattern_mismatch":
        right = f'Write it as in "{example}".' if example else "docs/sources.md shows an example."
        return "is not of the right form.", right
    return _WORDS.get(kind) or ("is not accepted.", _sentence(error["msg"].replace("Input should", "It should")))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
