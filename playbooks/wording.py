"""What the source of a statement may hold: facts, conditions on them and a few harmless filters, nothing else.

A statement is written by whoever may write a playbook, and filled with what strangers wrote. It is checked against what
is allowed, not against what is forbidden, when its playbook is read, so that it cannot fail when it is needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from playbooks.facts import NAMES

LONGEST = 10_000  # characters; several times the longest statement that anybody would read
DEEPEST = 12  # expressions and conditions within each other; Jinja reads them with a dozen calls for each
MOST = 200  # tags; a statement has a handful
_MESSAGE = 80  # characters of what Jinja says
_COMPARISONS = {"eq", "ne", "in", "notin"}
_TESTS = (nodes.Compare, nodes.Not)
_OPENING, _CLOSING = {"(", "[", "{"}, {")", "]", "}"}
_TAGS = {"if", "elif", "else", "endif"}
# What the parser found, and what the author calls it.
_FORBIDDEN = {
    nodes.Call: "a call",
    nodes.Getattr: "a dot",
    nodes.Getitem: "a square bracket",
    nodes.BinExpr: "arithmetic",
    nodes.UnaryExpr: "arithmetic",
    nodes.Test: "a test with is",
    nodes.Literal: "a list",
    nodes.Concat: "~",
}


def _default(value: str, other: str) -> str:
    return value or other


def _sentence(value: str) -> str:
    return value[:1].upper() + value[1:]


# Filter -> how many texts it takes. None makes a text longer than what is written out in the template.
FILTERS = {"default": 1, "sentence": 0, "lower": 0, "upper": 0, "trim": 0}


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja with nothing in it but the filters; for plain text, which pages and mails escape themselves."""
    made = ImmutableSandboxedEnvironment(autoescape=False, trim_blocks=True, lstrip_blocks=True)
    made.globals = {}
    made.tests = {}
    own = {"default": _default, "sentence": _sentence}
    made.filters = {name: own.get(name) or made.filters[name] for name in FILTERS}
    return made


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that a statement may not hold.

    Attributes:
        line: 1 for the first of the source.
        right: what would be right, in the imperative.
    """

    line: int
    right: str


def flaws(source: str) -> tuple[Flaw, ...]:
    """Everything that is wrong with the source of a statement, in the order of lines; none means it always renders."""
    if len(source) > LONGEST:
        return (Flaw(1, f"write at most {LONGEST:,} characters, these are {len(source):,}"),)
    jinja = environment()
    try:
        found = tuple(_in_tokens(jinja.lex(source))) or tuple(_Check().block(jinja.parse(source).body, 0))
        if not found:
            jinja.from_string(source).render(dict.fromkeys(NAMES, ""))
    except TemplateError as error:
        said = (error.message or "").partition(". ")[0][:_MESSAGE]
        right = f"write facts as {{{{ brand }}}} and conditions as {{% if brand %}} to {{% endif %}} ({said})"
        return (Flaw(getattr(error, "lineno", None) or 1, right),)
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        return (Flaw(1, "write it more simply, it is nested too deeply or holds too large a number"),)
    return tuple(sorted(found, key=lambda flaw: flaw.line))


def _in_tokens(tokens: Iterable[tuple[int, str, str]]) -> Iterator[Flaw]:
    """What cannot be told any more once the source is parsed, or would keep it from being parsed."""
    depth, tags, before = 0, 0, ""
    for line, kind, value in tokens:
        if kind == "raw_begin":
            yield Flaw(line, "remove raw, write the words themselves")
        elif kind == "block_begin":
            tags += 1
        elif before == "block_begin" and kind == "name":
            depth += {"if": 1, "endif": -1}.get(value, 0)
            if value not in _TAGS:
                yield Flaw(line, "use no tag but if, elif, else and endif")
        elif kind == "operator":
            depth += (value in _OPENING) - (value in _CLOSING)
        if depth > DEEPEST or tags > MOST:
            yield Flaw(line, f"use no more than {MOST} tags, and no more than {DEEPEST} things within each other")
            return
        before = before if kind == "whitespace" else kind


class _Check:
    """Walks the parsed source; whatever is not named here is refused."""

    def block(self, body: Sequence[nodes.Node], depth: int) -> Iterator[Flaw]:
        """Text, facts and conditions."""
        for node in body:
            if depth > DEEPEST:
                yield _too_deep(node)
            elif isinstance(node, nodes.Output):
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        yield from self.words(part, depth + 1)
            elif isinstance(node, nodes.If):
                yield from self.condition(node.test, depth + 1)
                for inner in (node.body, node.elif_, node.else_):
                    yield from self.block(inner, depth + 1)
            else:
                yield _refused(node)

    def words(self, node: nodes.Node, depth: int) -> Iterator[Flaw]:
        """An expression that is a text: a fact, a text in quotes, one or another, with filters."""
        if depth > DEEPEST:
            yield _too_deep(node)
        elif isinstance(node, nodes.Name):
            yield from _fact(node)
        elif isinstance(node, nodes.Const):
            yield from _quoted(node)
        elif isinstance(node, nodes.And | nodes.Or):
            yield from self.words(node.left, depth + 1)
            yield from self.words(node.right, depth + 1)
        elif isinstance(node, nodes.CondExpr):
            yield from self.condition(node.test, depth + 1)
            yield from self.words(node.expr1, depth + 1)
            yield from self.words(node.expr2, depth + 1) if node.expr2 else [Flaw(node.lineno, "add an else to the if")]
        elif isinstance(node, nodes.Filter):
            yield from self._filtered(node, depth)
        elif isinstance(node, _TESTS):
            yield Flaw(node.lineno, "compare in a condition, such as {% if severity == 'SEV1' %}")
        else:
            yield _refused(node)

    def condition(self, node: nodes.Node, depth: int) -> Iterator[Flaw]:
        """What an if may ask: whether a fact is known, whether it is or holds a text."""
        if depth > DEEPEST:
            yield _too_deep(node)
        elif isinstance(node, nodes.Not):
            yield from self.condition(node.node, depth + 1)
        elif isinstance(node, nodes.And | nodes.Or):
            yield from self.condition(node.left, depth + 1)
            yield from self.condition(node.right, depth + 1)
        elif isinstance(node, nodes.Compare):
            yield from self.words(node.expr, depth + 1)
            for operand in node.ops:
                if operand.op not in _COMPARISONS:
                    yield Flaw(node.lineno, "compare with ==, !=, in or not in, facts are texts")
                yield from self.words(operand.expr, depth + 1)
        else:
            yield from self.words(node, depth)

    def _filtered(self, node: nodes.Filter, depth: int) -> Iterator[Flaw]:
        if node.name not in FILTERS:
            yield Flaw(node.lineno, f"use no filter but {', '.join(FILTERS)}")
        elif node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != FILTERS[node.name]:
            wanted = '("a text")' if FILTERS[node.name] else " without brackets"
            yield Flaw(node.lineno, f"write the filter as {node.name}{wanted}")
        for argument in node.args:
            yield from self.words(argument, depth + 1)
        if node.node is None:
            yield _refused(node)
        else:
            yield from self.words(node.node, depth + 1)


def _fact(node: nodes.Name) -> Iterator[Flaw]:
    if node.name not in NAMES:
        yield Flaw(node.lineno, f"name one of the facts: {', '.join(NAMES)}")


def _quoted(node: nodes.Const) -> Iterator[Flaw]:
    if not isinstance(node.value, str):
        yield Flaw(node.lineno, "write a text in quotes, facts are texts")
    elif any(unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n" for sign in node.value):
        yield Flaw(node.lineno, "remove the control character")


def _too_deep(node: nodes.Node) -> Flaw:
    return Flaw(node.lineno, f"put no more than {DEEPEST} things within each other")


def _refused(node: nodes.Node) -> Flaw:
    name = next((name for kind, name in _FORBIDDEN.items() if isinstance(node, kind)), type(node).__name__.lower())
    return Flaw(node.lineno, f"remove {name}, a statement holds facts and conditions only")
