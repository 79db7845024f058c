"""What can go wrong: the one tree of errors that Groundswell raises.

Every error says which thing it concerns (a source, a brand, a file and line), what happened to it and what to do
next. Rooms define their own subclasses beside the code that raises them.
"""

from __future__ import annotations


class GroundswellError(Exception):
    """A failure that a person can act on.

    Attributes:
        subject: the thing concerned, as its owner knows it: ``source "forum"``, ``groundswell.yaml:12``.
        problem: what happened, in one plain sentence without the subject.
        remedy: what to do about it, in the imperative; says what was kept where something was.
    """

    def __init__(self, subject: str, problem: str, remedy: str) -> None:
        super().__init__(subject, problem, remedy)
        self.subject = subject
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.subject}: {self.problem} {self.remedy}"
