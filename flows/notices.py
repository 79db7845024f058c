"""What a tick writes into the log about its sources: a line when one fails, one when it fails differently or is back.

Prefect's own log would show each failure at every tick with a traceback. Its task runs stay failed, with the problem in
their state.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from detection.source_state import SourceFacts
from services.collecting import Collected

_TASK_LOG = "prefect.task_runs"


class WithoutForeseen(logging.Filter):
    """Keeps records out of the log that tell of one type of error.

    Args:
        foreseen: told of elsewhere, in words.
    """

    def __init__(self, foreseen: type[Exception]) -> None:
        super().__init__()
        self._name = foreseen.__name__

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to keep a record."""
        return self._name not in record.getMessage()


def leave_out(foreseen: WithoutForeseen) -> None:
    """Keep what is foreseen out of the log of Prefect's tasks; doing it again changes nothing."""
    logging.getLogger(_TASK_LOG).addFilter(foreseen)


def notices(before: Mapping[str, SourceFacts], collected: Iterable[Collected]) -> list[str]:
    """Lines for the log, one a source whose problem is another than before the tick."""
    told = []
    for one in collected:
        was = before.get(one.source, SourceFacts()).problem
        if one.problem and one.problem != was:
            told.append(_on_one_line(f"source {one.source} failed: {one.problem} {one.remedy or ''}"))
        elif was and not one.problem and not one.postponed:
            told.append(f"source {one.source} answers again")
    return told


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
