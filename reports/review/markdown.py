"""A review as Markdown (CommonMark with GitHub's tables), in which nothing that anybody wrote is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reports.review.contents import Review
from reports.review.sheet import Fact, Happening, Question, Sheet, sheet_of, wave_in_words

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~$^&#]")
# What begins a heading, a quotation, a list, a line below a heading or a fence; and the number of a list.
_BEGINNING = re.compile(r"^[+\-=]")
_NUMBER = re.compile(r"^(\d+)(?=[.)])")
# GitHub makes links of bare addresses, too.
_ADDRESS = re.compile(r"(?<=[A-Za-z])(?=:\S)|(?<=www)(?=\.)", re.IGNORECASE)
# A backslash does not keep GitHub from making a link of a mail address or from calling a person; this joiner does, and
# nobody sees it.
_WORD_JOINER = "\u2060"


def as_markdown(review: Review) -> str:
    """The review as a Markdown document."""
    sheet = sheet_of(review)
    parts = (
        _head(sheet),
        _part("Summary", _paragraphs(sheet.summary)),
        _part("The wave", [*_wave(review), *_facts(sheet.figures)]),
        _part("What happened", _happenings(sheet.story)),
        _part("Steps", _steps(sheet)),
        _part("Statements", _statements(sheet)),
        _part("Updates promised", _promises(sheet)),
        _part("Hand-overs", _happenings(sheet.hand_overs)),
        _part("People, process or technology", [line for one in sheet.questions for line in _question(one)]),
        _part("What worked", _points(sheet.worked)),
        _part("What to change", _points(sheet.changes)),
        _part("Actions", _actions(sheet)),
        _part("Comments", _happenings(sheet.comments)),
        _part("The whole timeline", _happenings(sheet.timeline)),
    )
    return "\n".join(line for part in parts for line in part)


def escaped(text: str) -> str:
    """The text on one line, with whatever Markdown or GitHub would read as more than text made plain."""
    line = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    line = _ADDRESS.sub(r"\\", _NUMBER.sub(r"\1\\", _BEGINNING.sub(r"\\\g<0>", line)))
    return line.replace("@", f"@{_WORD_JOINER}")


def _head(sheet: Sheet) -> list[str]:
    drill = [f"**DRILL: {escaped(sheet.drill)}**", ""] if sheet.drill else []
    clocks = _table(
        ("Clock", "Took", ""), ((dial.name, dial.value, _marked(dial.verdict, late=dial.late)) for dial in sheet.dials)
    )
    facts = [Fact("Severity", f"{sheet.severity}: {sheet.means}"), *sheet.facts]
    return [
        f"# {escaped(sheet.title)}",
        "",
        *drill,
        escaped(f"{sheet.footer}. {sheet.written}."),
        "",
        *_facts(facts),
        *clocks,
    ]


def _part(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}", "", *lines] if lines else []


def _wave(review: Review) -> list[str]:
    return _paragraphs(wave_in_words(review))


def _facts(facts: Iterable[Fact]) -> list[str]:
    lines = [
        f"- {fact.name}: {escaped(fact.value)}" + (f" ({escaped(fact.note)})" if fact.note else "") for fact in facts
    ]
    return [*lines, ""]


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in (escaped(line), "")]


def _points(lines: Sequence[str]) -> list[str]:
    return [*(f"- {escaped(line)}" for line in lines), ""] if lines else ["Nothing was written down.", ""]


def _question(question: Question) -> list[str]:
    return [f"### {question.name}", "", *_points(question.lines)]


def _happenings(rows: Sequence[Happening]) -> list[str]:
    if not rows:
        return []
    lines = (f"- {row.when}, {escaped(row.who)}: {escaped(row.text)}" for row in rows)
    return [*lines, ""]


def _steps(sheet: Sheet) -> list[str]:
    rows = (
        (
            str(step.number),
            escaped(step.title) + (f" ({escaped(step.note)})" if step.note else ""),
            escaped(step.role),
            step.due,
            escaped(", ".join(filter(None, (step.done, step.by)))),
            _marked(step.verdict, late=step.late),
        )
        for step in sheet.steps
    )
    return _table(("", "Step", "Role", "Due", "Done", ""), rows) if sheet.steps else []


def _statements(sheet: Sheet) -> list[str]:
    lines: list[str] = []
    for one in sheet.statements:
        link = f" [{escaped(one.host)}](<{one.link}>)" if one.link else ""
        quote = [f"> {escaped(line)}" if line.strip() else ">" for line in one.text.splitlines()]
        lines += [
            f"### {escaped(one.title)}",
            "",
            f"{escaped(f'{one.kind}. {one.when}. {one.by}.')}{link}",
            "",
            *quote,
            "",
        ]
    return lines


def _promises(sheet: Sheet) -> list[str]:
    rows = ((escaped(one.audience), one.due, _marked(one.verdict, late=one.late)) for one in sheet.promises)
    return _table(("For", "Promised for", ""), rows) if sheet.promises else []


def _actions(sheet: Sheet) -> list[str]:
    if not sheet.actions:
        return ["No action is agreed yet.", ""]
    rows = ((escaped(one.what), escaped(one.who), one.until) for one in sheet.actions)
    return _table(("What", "Who", "Until"), rows)


def _marked(verdict: str, *, late: bool) -> str:
    return f"**{verdict}**" if late and verdict else verdict


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in (names, ["---"] * len(names), *rows)]
    return [*lines, ""]
