"""What a letter about Groundswell's own hearing says, as it waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from alerts.stored import read_stored
from detection.source_state import SourceState


@dataclass(frozen=True, slots=True)
class DeafSource:
    """A source that is not heard.

    Attributes:
        about: names of the brands that are listened for there; empty where it is all of them.
        since: None where that is unknown.
        sentence: what is the matter; may quote its server.
        remedy: empty where nothing is to be done.
    """

    source: str
    about: tuple[str, ...]
    state: SourceState
    since: datetime | None
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class HeardSource:
    """A source that is heard again, and when people were told that it was not."""

    source: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class HealthAlert:
    """What changed in the hearing of an installation, for the person who runs it.

    Attributes:
        deaf: newly not heard, the worst first.
        heard: heard again.
        deaf_now, sources: how many are not heard now, of how many.
        happened_at: when that was noticed.
        reason: why the recipient gets this, to follow "because".
        link: page of the sources.
        time_zone: the recipient's.
    """

    deaf: tuple[DeafSource, ...]
    heard: tuple[HeardSource, ...]
    deaf_now: int
    sources: int
    happened_at: datetime
    recipient_name: str
    reason: str
    link: str
    time_zone: ZoneInfo
    kind: Literal["health"] = "health"

    def to_json(self) -> str:
        """As text for the outbox."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> HealthAlert:
        """The alert as it was stored.

        Raises:
            DeliveryError: the text is not such an alert; permanent.
        """
        return read_stored(_ADAPTER, text)


_ADAPTER = TypeAdapter(HealthAlert)
