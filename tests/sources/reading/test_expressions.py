"""JMESPath expressions are refused when settings are read, with the place of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sources.reading.expressions import Expression, extract

ADAPTER: TypeAdapter[str] = TypeAdapter(Expression)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "this is empty"),
        ("data.", "this ends too early at character 6"),
        ("data[", "this ends too early at character 6"),
        ("data.post$", "this cannot be read at character 10"),
        ("a b", "this cannot be read at character 3"),
        ("'open", "this cannot be read at character 1"),
        ("a || lengthy(b)", "at character 6 it calls lengthy, which is no function"),
        ("a[?b].{c: length(d, e)}", "at character 11 length gets 2 of its 1 arguments"),
        ("sort_by(a, &nope(@))", "at character 13 it calls nope"),
        ("join(', ')", "at character 1 join gets 1 of its 2 arguments"),
    ],
)
def test_a_wrong_expression_is_refused_with_its_place(expression: str, problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(expression)
    assert f"must be a JMESPath expression; {problem}" in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("@", {"a": [{"b": 1}, {"b": "x"}], "c": "d"}),
        ("a[].b | [1]", "x"),
        ("join('/', ['https:', '', 'host', c])", "https://host/d"),
        ("not_null(z, c)", "d"),
        ("merge(@, `{}`).c", "d"),
        ("z.y.x", None),
        ("sum(a[].b)", None),  # of a number and a text
        ("length(`1`)", None),
        ("a[::0]", None),
    ],
)
def test_an_expression_finds_something_or_nothing(expression: str, found: Any) -> None:
    value = {"a": [{"b": 1}, {"b": "x"}], "c": "d"}
    assert extract(ADAPTER.validate_python(expression), value) == found
    assert extract(None, value) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
CALLS = [
    "max_by(@, &a)",
    "sort(@)",
    "to_number(a)",
    "keys(a)",
    "reverse(b)",
    "map(&a, @)",
    "a > b",
    "[?a == b]",
    "@[0:2]",
]


@given(st.sampled_from(CALLS), JSON)
def test_no_value_of_a_stranger_makes_an_expression_fail(expression: str, value: Any) -> None:
    extract(expression, value)
