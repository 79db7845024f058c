"""What feedparser's own test files expect: a Python expression in the first comment of each.

It is read with :mod:`ast` as comparisons of paths with literals, and never evaluated.
"""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from requests.structures import CaseInsensitiveDict

PathTo = tuple[str | int, ...]


@dataclass(frozen=True)
class Condition:
    """One part of an expectation; ``path`` is empty where it is not of the form "path equals literal"."""

    path: PathTo
    value: Any = None


@dataclass(frozen=True)
class File:
    name: str
    body: bytes
    encoding: str
    headers: CaseInsensitiveDict[str]
    expects: tuple[Condition, ...]


WIDE = {
    codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF32_LE: "utf-32", b"\0\0\0<": "utf-32-be", b"<\0\0\0": "utf-32-le",
    codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF16_LE: "utf-16", b"\0<": "utf-16-be", b"<\0": "utf-16-le",
}  # fmt: skip


def encoding_of(body: bytes) -> str:
    return next((encoding for beginning, encoding in WIDE.items() if body.startswith(beginning)), "latin-1")


def read_file(path: Path) -> File:
    body = path.read_bytes()
    encoding = encoding_of(body)
    text = body.decode(encoding, "replace")
    stated = re.findall(r"^\s*Header:\s*([\w-]+):[ \t]*(.*?)\s*$", text, re.MULTILINE)
    expected = re.search(r"Expect:\s*(.*?)\s*(?:-->|$)", text, re.MULTILINE)
    assert expected, path.name
    tree = ast.parse(expected[1], mode="eval").body
    return File(path.name, body, encoding, CaseInsensitiveDict(dict(stated)), tuple(conditions(tree)))


def conditions(tree: ast.expr) -> Iterator[Condition]:
    match tree:
        case ast.BoolOp(ast.And(), parts):
            for part in parts:
                yield from conditions(part)
        case ast.Compare(left, operators, others) if all(isinstance(each, ast.Eq) for each in operators):
            *paths, literal = (left, *others)
            yield from (Condition(path_of(path), literal_of(literal)) for path in paths)
        case ast.UnaryOp(ast.Not(), ast.Name("bozo")):
            yield Condition(("bozo",), value=False)
        case ast.Name(name):
            yield Condition((name,), value=True)
        case ast.Constant(1):
            return
        case _:
            yield Condition(())


def path_of(tree: ast.expr) -> PathTo:
    match tree:
        case ast.Name(name):
            return (name,)
        case ast.Attribute(value, name):
            return (*path_of(value), name)
        case ast.Subscript(value, ast.Constant(str() | int() as key)):
            return (*path_of(value), key)
        case ast.Call(ast.Name("ord"), [argument]):
            return (*path_of(argument), "ord")
    return ()


def literal_of(tree: ast.expr) -> Any:
    try:
        return ast.literal_eval(tree)
    except ValueError:
        return None
