"""What brands are about, as of a moment ago: reading a wave takes seconds, and in a wave everybody looks at once."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from threading import Lock

from services.installation import Installation
from services.topics import Topics, topics_of

# What stands out among hundreds of posts is the same half a minute later.
OLDEST = timedelta(seconds=30)
_Key = tuple[str, timedelta]


class RecentTopics:
    """Topics by brand and length of window, remembered; of several who ask at once one reads, the others wait."""

    def __init__(self, inst: Installation) -> None:
        self._inst = inst
        self._known: dict[_Key, Topics] = {}
        self._reading: defaultdict[_Key, Lock] = defaultdict(Lock)

    def of(self, brand: str, since: datetime, until: datetime, baseline: timedelta) -> Topics:
        """The topics of a window that ends at most half a minute before ``until``."""
        key = (brand, until - since)
        with self._reading[key]:
            known = self._known.get(key)
            if known is None or not timedelta(0) <= until - known.until <= OLDEST:
                known = topics_of(self._inst, brand, since, until, since - baseline)
                self._known[key] = known
            return known
