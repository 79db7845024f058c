"""JMESPath expressions in settings, checked when those are read: https://jmespath.org/specification.html."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError, ParseError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from pydantic import AfterValidator


def _checked(expression: str) -> str:
    try:
        parsed = _compiled(expression).parsed
    except ParseError as error:
        problem = "ends too early" if error.lex_position >= len(expression) else "cannot be read"
        where = f"at character {error.lex_position + 1}"
        raise ValueError(f"must be a JMESPath expression; this {problem} {where}") from None
    except JMESPathError:
        raise ValueError("must be a JMESPath expression; this is empty") from None
    for name, given in _calls(parsed):
        _check_call(expression, name, given)
    return expression


# A JMESPath expression that can be read, and whose functions exist and get as many arguments as they take.
Expression = Annotated[str, AfterValidator(_checked)]


def extract(expression: str | None, value: Any) -> Any:
    """What an expression finds in a JSON value; None where a function meets a type it cannot take."""
    if expression is None:
        return None
    try:
        return _compiled(expression).search(value)
    except ValueError:  # which JMESPathError is, and what Python says of a slice with a step of zero
        return None


@cache  # the expressions of one settings file, which are few
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _calls(node: Any) -> Iterator[tuple[str, int]]:
    """The functions that a parsed expression calls, and with how many arguments."""
    if node["type"] == "function_expression":
        yield node["value"], len(node["children"])
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _calls(child)


def _check_call(expression: str, name: str, given: int) -> None:
    called = re.search(rf"\b{re.escape(name)}\s*\(", expression)
    where = f"at character {called.start() + 1}" if called else "in it"
    known = Functions.FUNCTION_TABLE.get(name)
    if known is None:
        raise ValueError(f"must be a JMESPath expression; {where} it calls {name}, which is no function")
    taken: Sequence[Any] = known["signature"]
    variadic = bool(taken) and bool(taken[-1].get("variadic"))
    if given < len(taken) or (given > len(taken) and not variadic):
        raise ValueError(f"must be a JMESPath expression; {where} {name} gets {given} of its {len(taken)} arguments")
